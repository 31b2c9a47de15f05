/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-import-view.h"

#include <glib/gi18n-lib.h>

#define SHOWN 60      /* rows of a group: the rest is in the sheet of faulty rows */
#define NEW_SHOWN 5
#define WORDS 3       /* cells that name a row */

static GtkWidget *
create_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_focusable (label, FALSE);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

static const char *
cell_of (XhImportPlan *plan, const XhImportRow *row, const XhField *field)
{
  GPtrArray *columns = xh_import_plan_get_columns (plan);

  for (guint i = 0; i < columns->len; i++)
    if (((const XhImportColumn *) g_ptr_array_index (columns, i))->field == field)
      return row->cells[i];
  return "";
}

/* By the fields that the list shows. */
static char *
name_row (XhImportPlan *plan, const XhImportRow *row)
{
  const XhKind *kind = xh_import_plan_get_kind (plan);
  GString *name = g_string_new (NULL);
  guint words = 0;

  for (guint i = 0; i < kind->list_fields->len && words < WORDS; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);
      const char *cell = field->sensitive ? "" : cell_of (plan, row, field);
      g_autofree char *text = g_utf8_substring (cell, 0, MIN (g_utf8_strlen (cell, -1), 24));

      if (*text != '\0')
        g_string_append_printf (name, "%s%s", words++ > 0 ? " · " : "", text);
    }
  return g_string_free (name, FALSE);
}

static GtkWidget *
create_card (XhImportPlan *plan, const XhImportRow *row, GtkWidget **box)
{
  GtkWidget *card = adw_preferences_row_new (), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *number = g_strdup_printf (_("Row %u"), row->number), *name = name_row (plan, row);
  g_autofree char *title = g_strdup_printf ("%s  %s", number, name);
  GtkWidget *label = create_label (number, "dim-label");

  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (*box, "import-row");
  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), create_label (name, NULL));
  gtk_box_append (GTK_BOX (*box), head);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (card), title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (card), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (card), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (card), *box);
  return card;
}

/* The cell as it stands in the sheet, red, and beside it why. */
static GtkWidget *
create_fault (XhImportPlan *plan, const XhImportRow *row, const XhRowFault *fault)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *reason;
  const char *cell = fault->column >= 0 ? row->cells[fault->column] : NULL;
  const XhImportColumn *column = fault->column >= 0 ? xh_import_plan_get_columns (plan)->pdata[fault->column] : NULL;

  gtk_widget_set_size_request (side, 200, -1);
  gtk_box_append (GTK_BOX (side), create_label (column != NULL ? column->title : _("The whole row"), "caption"));
  if (cell != NULL)
    {
      g_autofree char *text = g_utf8_substring (cell, 0, MIN (g_utf8_strlen (cell, -1), 60));
      GtkWidget *value = create_label (*text != '\0' ? text : _("empty"), "import-fault");

      gtk_widget_set_halign (value, GTK_ALIGN_START);
      gtk_label_set_max_width_chars (GTK_LABEL (value), 22);
      gtk_box_append (GTK_BOX (side), value);
    }
  gtk_box_append (GTK_BOX (box), side);
  reason = create_label (fault->message, NULL);
  gtk_widget_set_hexpand (reason, TRUE);
  gtk_widget_set_valign (reason, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), reason);
  return box;
}

static GtkWidget *
create_group (GtkWidget *parent, const char *title, guint shown, guint all)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *text = shown < all ? g_strdup_printf (_("The first %u of %u."), shown, all) : NULL;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), text);
  gtk_box_append (GTK_BOX (parent), group);
  return group;
}

static void
add_faulty (GtkWidget *parent, XhImportPlan *plan, const XhImportResult *result)
{
  GPtrArray *rows = result->samples[XH_ROW_FAULTY];
  guint shown = MIN (rows->len, SHOWN);
  GtkWidget *group;

  if (shown == 0)
    return;
  group = create_group (parent, _("Rows that stay out"), shown, result->faulty);
  for (guint i = 0; i < shown; i++)
    {
      const XhImportRow *row = g_ptr_array_index (rows, i);
      GtkWidget *box, *card = create_card (plan, row, &box);

      for (guint k = 0; k < row->faults->len; k++)
        gtk_box_append (GTK_BOX (box), create_fault (plan, row, row->faults->pdata[k]));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), card);
    }
}

static void
add_changed (GtkWidget *parent, XhImportPlan *plan, const XhImportResult *result)
{
  GPtrArray *rows = result->samples[XH_ROW_CHANGED];
  guint shown = MIN (rows->len, SHOWN);
  GtkWidget *group;

  if (shown == 0)
    return;
  group = create_group (parent, _("Records that change"), shown, result->changed);
  for (guint i = 0; i < shown; i++)
    {
      const XhImportRow *row = g_ptr_array_index (rows, i);
      GtkWidget *box, *card = create_card (plan, row, &box);

      for (guint k = 0; k < row->changes->len; k++)
        {
          const XhRowChange *change = g_ptr_array_index (row->changes, k);
          g_autofree char *text = g_strdup_printf ("%s  %s → %s", xh_label_get (&change->field->label), *change->before ? change->before : _("empty"),
                                                   *change->after ? change->after : _("empty"));

          gtk_box_append (GTK_BOX (box), create_label (text, NULL));
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), card);
    }
}

static void
add_new (GtkWidget *parent, XhImportPlan *plan, const XhImportResult *result)
{
  GPtrArray *rows = result->samples[XH_ROW_NEW];
  guint shown = MIN (rows->len, NEW_SHOWN);
  GtkWidget *group;

  if (shown == 0)
    return;
  group = create_group (parent, _("New records"), shown, result->added);
  for (guint i = 0; i < shown; i++)
    {
      GtkWidget *box;

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), create_card (plan, rows->pdata[i], &box));
    }
}

GtkWidget *
xh_import_preview_new (XhImportPlan *plan, const XhImportResult *result)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);

  add_faulty (box, plan, result);
  add_changed (box, plan, result);
  add_new (box, plan, result);
  return box;
}
