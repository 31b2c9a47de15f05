/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-score-pane.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "xh-indicator-row.h"
#include "xh-score-text.h"

struct _XhScorePane
{
  AdwBin parent_instance;

  XhForm *form;            /* (owned) */
  const XhScorecard *card; /* (nullable) the card the rows were made for; the score keeps it alive */
  guint card_version;
  GPtrArray *rows;         /* (owned) of XhIndicatorRow (not owned) */
  GPtrArray *levels;       /* (owned) of GtkLevelBar (not owned) */
  GPtrArray *sums;         /* (owned) of GtkLabel (not owned) */
  double *points;          /* (owned) (nullable) as they were before the last edit */
  double total;
  gboolean fresh;          /* nothing to compare with */
  gboolean compact;

  GtkBox *vetoes, *indicators, *way_box;
  GtkLabel *grade, *total_label, *of, *change, *words, *credit, *credit_from, *way;
  GtkGrid *bars;
  GtkListBox *steps;
  GtkRevealer *revealer;
  GtkScrolledWindow *scroller;
  GtkToggleButton *unfold;
};

G_DEFINE_FINAL_TYPE (XhScorePane, xh_score_pane, ADW_TYPE_BIN)

enum { PROP_0, PROP_COMPACT, N_PROPS };

static GParamSpec *properties[N_PROPS];
static guint wanted_signal;

guint
xh_grade_tint (const XhScorecard *card, const XhGrade *grade)
{
  guint tint = 0;

  if (grade == NULL || !grade->rated)
    return 0;
  if (isnan (grade->min))
    return 6;
  for (guint i = 0; i < card->grades->len; i++)
    {
      const XhGrade *other = g_ptr_array_index (card->grades, i);

      tint += other->rated && !isnan (other->min);
      if (other == grade)
        break;
    }
  return MIN (tint, 5);
}

static void
set_tint (GtkWidget *widget, guint tint)
{
  for (guint i = 0; i <= 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("grade-%u", i);

      if (i == tint)
        gtk_widget_add_css_class (widget, name);
      else
        gtk_widget_remove_css_class (widget, name);
    }
}

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    if (GTK_IS_LIST_BOX (box))
      gtk_list_box_remove (GTK_LIST_BOX (box), child);
    else if (GTK_IS_GRID (box))
      gtk_grid_remove (GTK_GRID (box), child);
    else
      gtk_box_remove (GTK_BOX (box), child);
}

static void
want_field (XhScorePane *self, const XhIndicator *indicator)
{
  const char *field = indicator->field;

  /* An input from another record has no field here; the link that leads there has. */
  if (field != NULL && xh_kind_find_field (xh_form_get_kind (self->form), field) != NULL)
    g_signal_emit (self, wanted_signal, 0, field);
}

static void
row_activated_cb (XhScorePane *self, GtkListBoxRow *row)
{
  want_field (self, xh_indicator_row_get_indicator (XH_INDICATOR_ROW (row)));
}

static void
step_activated_cb (XhScorePane *self, GtkListBoxRow *row)
{
  const XhScore *score = xh_form_get_score (self->form);
  guint index = gtk_list_box_row_get_index (row);

  if (score != NULL && index < score->steps->len)
    want_field (self, g_array_index (score->steps, XhScoreStep, index).indicator);
}

/* --- making the rows of a card */

static void
build_bar (XhScorePane *self, const XhDimension *dimension, guint place)
{
  const char *name = xh_label_get (&dimension->label);
  GtkWidget *label = gtk_label_new (name), *sum = gtk_label_new (NULL);
  GtkWidget *level = gtk_level_bar_new_for_interval (0, MAX (dimension->max, 0.001));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_set_hexpand (level, TRUE);
  gtk_widget_set_valign (level, GTK_ALIGN_CENTER);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (level), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (level), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (level), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_label_set_xalign (GTK_LABEL (sum), 1);
  gtk_widget_add_css_class (sum, "numeric");
  gtk_grid_attach (self->bars, label, 0, place, 1, 1);
  gtk_grid_attach (self->bars, level, 1, place, 1, 1);
  gtk_grid_attach (self->bars, sum, 2, place, 1, 1);
  g_ptr_array_add (self->levels, level);
  g_ptr_array_add (self->sums, sum);
}

static void
build_dimension (XhScorePane *self, const XhScorecard *card, const XhDimension *dimension)
{
  const char *name = xh_label_get (&dimension->label);
  GtkWidget *title = gtk_label_new (name), *list = gtk_list_box_new ();

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_margin_top (title, 12);
  gtk_widget_set_margin_start (title, 6);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < dimension->n; i++)
    {
      GtkWidget *row = xh_indicator_row_new (g_ptr_array_index (card->indicators, dimension->first + i));

      gtk_list_box_append (GTK_LIST_BOX (list), row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_box_append (self->indicators, title);
  gtk_box_append (self->indicators, list);
}

static void
build_card (XhScorePane *self, const XhScorecard *card)
{
  self->card = card;
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->levels, 0);
  g_ptr_array_set_size (self->sums, 0);
  g_clear_pointer (&self->points, g_free);
  self->fresh = TRUE;
  clear_box (GTK_WIDGET (self->bars));
  clear_box (GTK_WIDGET (self->indicators));
  if (card == NULL)
    return;
  self->points = g_new0 (double, card->indicators->len + 1);
  for (guint i = 0; i < card->dimensions->len; i++)
    {
      build_bar (self, g_ptr_array_index (card->dimensions, i), i);
      build_dimension (self, card, g_ptr_array_index (card->dimensions, i));
    }
}

/* --- showing a score */

static void
append_veto (XhScorePane *self, const XhVeto *veto)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name ("action-unavailable-symbolic");
  GtkWidget *label = gtk_label_new (xh_label_get (&veto->label)), *basis = gtk_label_new (veto->basis);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (basis), 0);
  gtk_label_set_wrap (GTK_LABEL (basis), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (basis), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (basis, "caption");
  gtk_widget_set_visible (basis, veto->basis != NULL);
  gtk_box_append (GTK_BOX (text), label);
  gtk_box_append (GTK_BOX (text), basis);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  gtk_widget_add_css_class (box, "veto");
  gtk_box_append (self->vetoes, box);
}

static void
show_vetoes (XhScorePane *self, const XhScore *score)
{
  guint n = 0;

  clear_box (GTK_WIDGET (self->vetoes));
  for (guint i = 0; i < score->card->vetoes->len; i++)
    if (score->veto_hit[i])
      {
        append_veto (self, g_ptr_array_index (score->card->vetoes, i));
        n++;
      }
  gtk_widget_set_visible (GTK_WIDGET (self->vetoes), n > 0);
}

static void
show_change (XhScorePane *self, double change)
{
  gboolean moved = !self->fresh && fabs (change) > 0.005;
  g_autofree char *text = moved ? xh_score_format_change (change) : NULL;

  gtk_label_set_label (self->change, moved ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->change), moved);
}

/* "AAA Excellent" says AAA twice beside the badge. */
static const char *
cut_grade_name (const XhGrade *grade)
{
  const char *label = xh_label_get (&grade->label);

  if (!g_str_has_prefix (label, grade->name))
    return label;
  for (label += strlen (grade->name); g_unichar_isspace (g_utf8_get_char (label));)
    label = g_utf8_next_char (label);
  return label;
}

static void
show_credit (XhScorePane *self, const XhScore *score)
{
  g_autofree char *credit = xh_score_format_credit (score);
  g_autofree char *line = g_strdup_printf (_ ("Suggested credit: %s"), credit);
  g_autofree char *from = NULL;

  gtk_label_set_label (self->credit, score->credit > 0 ? line : credit);
  if (score->credit > 0 && score->grade->credit > 0)
    {
      g_autofree char *base = xh_score_format_money (score->grade->credit), *add = xh_score_format_money (score->credit_add);
      g_autofree char *cap = xh_score_format_money (score->card->credit_cap);

      from = score->card->credit_cap > 0 && score->credit == score->card->credit_cap
               ? g_strdup_printf (_ ("Basic line %s and %s by assets and income, at most %s. An opinion for the bank."), base, add, cap)
               : g_strdup_printf (_ ("Basic line %s and %s by assets and income. An opinion for the bank."), base, add);
    }
  gtk_label_set_label (self->credit_from, from != NULL ? from : "");
  gtk_widget_set_visible (GTK_WIDGET (self->credit_from), from != NULL);
}

static void
show_head (XhScorePane *self, const XhScore *score)
{
  g_autofree char *total = xh_score_format_points (score->total);
  g_autofree char *credit = xh_score_format_credit (score);
  g_autofree char *spoken = NULL;
  const char *words = cut_grade_name (score->grade), *use = xh_label_get (&score->grade->use);
  gboolean rated = score->grade->rated;
  g_autofree char *line = use != NULL && words != xh_label_get (&score->grade->label)
                            ? g_strdup_printf ("%s · %s", words, use) : g_strdup (use != NULL ? use : words);

  gtk_label_set_label (self->grade, rated ? score->grade->name : xh_label_get (&score->grade->label));
  set_tint (GTK_WIDGET (self->grade), xh_grade_tint (score->card, score->grade));
  gtk_label_set_label (self->total_label, total);
  gtk_label_set_label (self->words, self->compact ? credit : line);
  show_change (self, score->total - self->total);
  spoken = g_strdup_printf (_ ("Grade %s, %s points. %s. Suggested credit: %s"), xh_label_get (&score->grade->label), total, line, credit);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_bars (XhScorePane *self, const XhScore *score)
{
  for (guint i = 0; i < score->card->dimensions->len; i++)
    {
      const XhDimension *dimension = g_ptr_array_index (score->card->dimensions, i);
      g_autofree char *points = xh_score_format_points (score->dimension_points[i]);
      g_autofree char *max = xh_score_format_points (dimension->max);
      g_autofree char *sum = g_strdup_printf ("%s / %s", points, max);
      g_autofree char *spoken = g_strdup_printf (_ ("%s: %s of %s points"), xh_label_get (&dimension->label), points, max);
      GtkWidget *level = g_ptr_array_index (self->levels, i);

      gtk_level_bar_set_value (GTK_LEVEL_BAR (level), CLAMP (score->dimension_points[i], 0, dimension->max));
      gtk_accessible_update_property (GTK_ACCESSIBLE (level), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      gtk_label_set_label (g_ptr_array_index (self->sums, i), sum);
    }
}

static void
append_step (XhScorePane *self, const XhScoreStep *step)
{
  GtkWidget *row = adw_action_row_new (), *gain;
  g_autofree char *text = xh_score_format_change (step->gain);
  g_autofree char *spoken = g_strdup_printf (_ ("%s: reach %s, %s points"), xh_label_get (&step->indicator->label),
                                             xh_label_get (&step->band->label), text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&step->indicator->label));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), xh_label_get (&step->band->label));
  gain = gtk_label_new (text);
  gtk_widget_add_css_class (gain, "numeric");
  gtk_widget_add_css_class (gain, "change");
  gtk_widget_set_valign (gain, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gain);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), step->indicator->field != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (self->steps, row);
}

static void
show_way (XhScorePane *self, const XhScore *score)
{
  g_autofree char *way = xh_score_format_way (score);

  clear_box (GTK_WIDGET (self->steps));
  gtk_widget_set_visible (GTK_WIDGET (self->way_box), way != NULL);
  gtk_label_set_label (self->way, way != NULL ? way : "");
  for (guint i = 0; way != NULL && i < score->steps->len; i++)
    append_step (self, &g_array_index (score->steps, XhScoreStep, i));
  gtk_widget_set_visible (GTK_WIDGET (self->steps), way != NULL && score->steps->len > 0);
}

static void
show_rows (XhScorePane *self, const XhScore *score)
{
  const XhKind *kind = xh_form_get_kind (self->form);

  for (guint i = 0; i < self->rows->len; i++)
    {
      double change = self->fresh ? 0 : score->rows[i].points - self->points[i];

      xh_indicator_row_show (g_ptr_array_index (self->rows, i), kind, &score->rows[i], fabs (change) > 0.005 ? change : 0);
      self->points[i] = score->rows[i].points;
    }
}

static void
show_score (XhScorePane *self)
{
  const XhScore *score = xh_form_get_score (self->form);

  gtk_widget_set_visible (GTK_WIDGET (self), score != NULL);
  if (score == NULL)
    {
      build_card (self, NULL);
      return;
    }
  if (self->card != score->card || self->card_version != score->card->version)
    build_card (self, score->card);
  self->card_version = score->card->version;
  show_vetoes (self, score);
  show_head (self, score);
  show_credit (self, score);
  show_bars (self, score);
  show_way (self, score);
  show_rows (self, score);
  self->total = score->total;
  self->fresh = FALSE;
}

static void
form_changed_cb (XhForm *form, const char *name, XhScorePane *self)
{
  if (name[0] == '\0')
    show_score (self);
}

/* --- class */

static void
show_fold (XhScorePane *self)
{
  gboolean open = !self->compact || gtk_toggle_button_get_active (self->unfold);
  const char *name = open ? _ ("Hide the explanation") : _ ("Show the explanation");

  gtk_widget_set_visible (GTK_WIDGET (self->unfold), self->compact);
  gtk_button_set_icon_name (GTK_BUTTON (self->unfold), open ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->unfold), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->unfold), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_revealer_set_reveal_child (self->revealer, open);
  gtk_widget_set_vexpand (GTK_WIDGET (self->revealer), !self->compact);
  gtk_scrolled_window_set_min_content_height (self->scroller, self->compact ? 260 : -1);
}

static void
xh_score_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    g_value_set_boolean (value, XH_SCORE_PANE (object)->compact);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
xh_score_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  XhScorePane *self = XH_SCORE_PANE (object);

  if (id != PROP_COMPACT)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->compact == g_value_get_boolean (value))
    return;
  self->compact = g_value_get_boolean (value);
  show_fold (self);
  if (self->form != NULL && xh_form_get_score (self->form) != NULL)
    show_head (self, xh_form_get_score (self->form));
  g_object_notify_by_pspec (object, pspec);
}

static void
xh_score_pane_dispose (GObject *object)
{
  XhScorePane *self = XH_SCORE_PANE (object);

  g_ptr_array_set_size (self->rows, 0);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_SCORE_PANE);

  G_OBJECT_CLASS (xh_score_pane_parent_class)->dispose (object);
}

static void
xh_score_pane_finalize (GObject *object)
{
  XhScorePane *self = XH_SCORE_PANE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->levels);
  g_ptr_array_unref (self->sums);
  g_free (self->points);
  g_clear_object (&self->form);

  G_OBJECT_CLASS (xh_score_pane_parent_class)->finalize (object);
}

static void
xh_score_pane_class_init (XhScorePaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xh_score_pane_get_property;
  object_class->set_property = xh_score_pane_set_property;
  object_class->dispose = xh_score_pane_dispose;
  object_class->finalize = xh_score_pane_finalize;
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  wanted_signal = g_signal_new ("field-wanted", XH_TYPE_SCORE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/rating/xh-score-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, vetoes);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, indicators);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, way_box);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, grade);
  gtk_widget_class_bind_template_child_full (widget_class, "total", FALSE, G_STRUCT_OFFSET (XhScorePane, total_label));
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, of);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, change);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, words);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, credit);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, credit_from);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, way);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, bars);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, steps);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, revealer);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, scroller);
  gtk_widget_class_bind_template_child (widget_class, XhScorePane, unfold);
}

static void
xh_score_pane_init (XhScorePane *self)
{
  self->rows = g_ptr_array_new ();
  self->levels = g_ptr_array_new ();
  self->sums = g_ptr_array_new ();
  self->fresh = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_label (self->of, _ ("of 100 points"));
  g_signal_connect_object (self->unfold, "toggled", G_CALLBACK (show_fold), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->steps, "row-activated", G_CALLBACK (step_activated_cb), self, G_CONNECT_SWAPPED);
  show_fold (self);
}

GtkWidget *
xh_score_pane_new (XhForm *form)
{
  XhScorePane *self = g_object_new (XH_TYPE_SCORE_PANE, NULL);

  self->form = g_object_ref (form);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, 0);
  show_score (self);
  return GTK_WIDGET (self);
}

void
xh_score_pane_forget (XhScorePane *self)
{
  /* Another score may lie where the old one lay: its rows are made anew. */
  build_card (self, NULL);
  show_score (self);
}
