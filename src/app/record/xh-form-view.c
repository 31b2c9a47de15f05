/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-form-view.h"

#include "app/widgets/xh-field-row.h"
#include "app/widgets/xh-table-row.h"

struct _XhFormView
{
  AdwBin parent_instance;

  XhRecordEditor *editor; /* (owned) */
  XhFieldHost *host;      /* (owned) (nullable) */
  GPtrArray *rows;        /* (owned) of XhFieldRow (not owned), in order */
  GPtrArray *sections;    /* (owned) of Section */
  gboolean revealed;
};

G_DEFINE_FINAL_TYPE (XhFormView, xh_form_view, ADW_TYPE_BIN)

typedef struct
{
  XhFormView *view;
  AdwPreferencesGroup *group;
  AdwActionRow *reason; /* stands in the place of fields that do not count */
  GPtrArray *rows;      /* (owned) of XhFieldRow (not owned) */
} Section;

static void
section_free (gpointer data)
{
  Section *section = data;

  g_ptr_array_unref (section->rows);
  g_free (section);
}

static const char *
find_reason (Section *section)
{
  for (guint i = 0; i < section->rows->len; i++)
    {
      const char *reason = xh_label_get (&xh_field_row_get_field (g_ptr_array_index (section->rows, i))->irrelevant_reason);

      if (reason != NULL && reason[0] != '\0')
        return reason;
    }
  return NULL;
}

static void
show_section (Section *section)
{
  guint n = 0;
  const char *reason;

  for (guint i = 0; i < section->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (section->rows, i);
      gboolean relevant = xh_cell_is_relevant (xh_field_row_get_cell (XH_FIELD_ROW (row)));

      if (gtk_widget_get_visible (row) != relevant)
        gtk_widget_set_visible (row, relevant);
      n += relevant;
    }
  reason = n == 0 ? find_reason (section) : NULL;
  if (reason != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (section->reason), reason);
      gtk_accessible_update_property (GTK_ACCESSIBLE (section->reason), GTK_ACCESSIBLE_PROPERTY_LABEL, reason, -1);
    }
  gtk_widget_set_visible (GTK_WIDGET (section->reason), reason != NULL);
  gtk_widget_set_visible (GTK_WIDGET (section->group), n > 0 || reason != NULL);
}

static void
next_cb (XhFormView *self, GtkWidget *row)
{
  guint index;

  if (!g_ptr_array_find (self->rows, row, &index))
    return;
  while (++index < self->rows->len)
    {
      GtkWidget *next = g_ptr_array_index (self->rows, index);

      if (gtk_widget_get_mapped (next) && xh_cell_is_editable (xh_field_row_get_cell (XH_FIELD_ROW (next)))
          && xh_field_row_grab_editor (XH_FIELD_ROW (next)))
        return;
    }
}

static void
append_field (XhFormView *self, Section *section, const XhField *field)
{
  XhCell *cell = xh_record_editor_get_cell (self->editor, field);
  GtkWidget *row = xh_field_row_new (cell, self->host);

  adw_preferences_group_add (section->group, row);
  g_ptr_array_add (section->rows, row);
  g_ptr_array_add (self->rows, row);
  g_signal_connect_object (row, "next", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
create_section (XhFormView *self, const XhSection *definition)
{
  Section *section = g_new0 (Section, 1);
  const char *help = xh_label_get (&definition->help);

  section->view = self;
  section->rows = g_ptr_array_new ();
  g_ptr_array_add (self->sections, section);
  section->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  if (xh_label_get (&definition->label) != NULL)
    {
      g_autofree char *title = g_markup_escape_text (xh_label_get (&definition->label), -1);

      adw_preferences_group_set_title (section->group, title);
    }
  if (help != NULL)
    {
      g_autofree char *description = g_markup_escape_text (help, -1);

      adw_preferences_group_set_description (section->group, description);
    }
  for (guint i = 0; i < definition->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (definition->fields, i);

      if (xh_record_editor_shows (self->editor, field))
        append_field (self, section, field);
    }

  section->reason = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (section->reason), FALSE);
  adw_action_row_set_icon_name (section->reason, "dialog-information-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (section->reason), "dim-label");
  adw_preferences_group_add (section->group, GTK_WIDGET (section->reason));
  show_section (section);
  return GTK_WIDGET (section->group);
}

/* Relevance comes with the change of a cell; a section is looked at as a whole. */
static void
form_changed_cb (XhForm *form, const char *name, XhFormView *self)
{
  const XhField *field = name[0] != '\0' ? xh_kind_find_field (xh_form_get_kind (form), name) : NULL;

  for (guint i = 0; field != NULL && i < self->sections->len; i++)
    {
      Section *section = g_ptr_array_index (self->sections, i);

      for (guint j = 0; j < section->rows->len; j++)
        if (xh_field_row_get_field (g_ptr_array_index (section->rows, j)) == field)
          {
            show_section (section);
            return;
          }
    }
}

static void
undone_cb (XhFormView *self, const char *field)
{
  xh_form_view_focus_field (self, field);
}

static void
fill (XhFormView *self)
{
  const XhKind *kind = xh_form_get_kind (xh_record_editor_get_form (self->editor));
  GtkWidget *clamp = adw_clamp_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 600);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 36);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  for (guint i = 0; i < kind->sections->len; i++)
    gtk_box_append (GTK_BOX (box), create_section (self, g_ptr_array_index (kind->sections, i)));
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_bin_set_child (ADW_BIN (self), clamp);
}

static void
xh_form_view_dispose (GObject *object)
{
  XhFormView *self = XH_FORM_VIEW (object);

  g_ptr_array_set_size (self->sections, 0);
  g_ptr_array_set_size (self->rows, 0);

  G_OBJECT_CLASS (xh_form_view_parent_class)->dispose (object);
}

static void
xh_form_view_finalize (GObject *object)
{
  XhFormView *self = XH_FORM_VIEW (object);

  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->editor);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (xh_form_view_parent_class)->finalize (object);
}

static void
xh_form_view_class_init (XhFormViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xh_form_view_dispose;
  object_class->finalize = xh_form_view_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_FORM);
}

static void
xh_form_view_init (XhFormView *self)
{
  self->rows = g_ptr_array_new ();
  self->sections = g_ptr_array_new_with_free_func (section_free);
}

GtkWidget *
xh_form_view_new (XhRecordEditor *editor, XhFieldHost *host)
{
  XhFormView *self = g_object_new (XH_TYPE_FORM_VIEW, NULL);
  XhForm *form = xh_record_editor_get_form (editor);

  self->editor = g_object_ref (editor);
  self->host = host != NULL ? g_object_ref (host) : NULL;
  fill (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  xh_label_get (&xh_form_get_kind (form)->label), -1);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, G_CONNECT_AFTER);
  g_signal_connect_object (editor, "undone", G_CALLBACK (undone_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

gboolean
xh_form_view_focus_field (XhFormView *self, const char *path)
{
  const char *part = strchr (path, '/');
  g_autofree char *name = part != NULL ? g_strndup (path, part - path) : g_strdup (path);

  for (guint i = 0; i < self->rows->len; i++)
    {
      XhFieldRow *row = g_ptr_array_index (self->rows, i);

      if (!g_str_equal (xh_field_row_get_field (row)->name, name) || !gtk_widget_get_visible (GTK_WIDGET (row)))
        continue;
      /* Whoever came by a click looks for the field: the focus must be seen. */
      if (GTK_IS_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))))
        gtk_window_set_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), TRUE);
      if (part != NULL && XH_IS_TABLE_ROW (row))
        return xh_table_row_grab_part (XH_TABLE_ROW (row), part + 1);
      return xh_field_row_grab_editor (row);
    }
  return FALSE;
}

/* A focus that the person did not ask for selects nothing: one key would replace what stands there. */
void
xh_form_view_unselect (XhFormView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (GTK_IS_EDITABLE (focus))
    gtk_editable_select_region (GTK_EDITABLE (focus), -1, -1);
  else if (GTK_IS_LABEL (focus) && gtk_label_get_selectable (GTK_LABEL (focus)))
    gtk_label_select_region (GTK_LABEL (focus), 0, 0);
}

gboolean
xh_form_view_focus_first (XhFormView *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      XhFieldRow *row = g_ptr_array_index (self->rows, i);

      if (gtk_widget_get_visible (GTK_WIDGET (row)) && xh_cell_is_editable (xh_field_row_get_cell (row)))
        {
          gboolean focused = xh_field_row_grab_editor (row);

          xh_form_view_unselect (self);
          return focused;
        }
    }
  return FALSE;
}

static void
set_revealed (XhFormView *self, gboolean revealed)
{
  self->revealed = revealed;
  for (guint i = 0; i < self->rows->len; i++)
    xh_field_row_reveal_issues (g_ptr_array_index (self->rows, i), revealed);
}

void
xh_form_view_reveal_issues (XhFormView *self)
{
  g_autofree char *path = xh_record_editor_first_issue (self->editor);

  set_revealed (self, TRUE);
  if (path != NULL)
    xh_form_view_focus_field (self, path);
}

void
xh_form_view_hide_issues (XhFormView *self)
{
  set_revealed (self, FALSE);
}
