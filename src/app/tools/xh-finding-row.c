/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-finding-row.h"

#include "app/widgets/xh-names.h"

#include <glib/gi18n-lib.h>

struct _XhFindingItem
{
  GObject parent_instance;

  XhFinding *finding; /* (owned) */
};

G_DEFINE_FINAL_TYPE (XhFindingItem, xh_finding_item, G_TYPE_OBJECT)

static void
xh_finding_item_finalize (GObject *object)
{
  xh_finding_free (XH_FINDING_ITEM (object)->finding);

  G_OBJECT_CLASS (xh_finding_item_parent_class)->finalize (object);
}

static void
xh_finding_item_class_init (XhFindingItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_finding_item_finalize;
}

static void
xh_finding_item_init (XhFindingItem *self)
{
}

XhFindingItem *
xh_finding_item_new (XhFinding *finding)
{
  XhFindingItem *self = g_object_new (XH_TYPE_FINDING_ITEM, NULL);

  self->finding = finding;

  return self;
}

const XhFinding *
xh_finding_item_get (XhFindingItem *self)
{
  return self->finding;
}

/* --- the row --- */

typedef struct
{
  XhCatalog *catalog; /* (owned) */
  const XhKind *kind;
} Words;

/* Children of a row, kept with it. */
typedef struct
{
  GtkLabel *type, *title, *message, *unit;
} Parts;

static void
words_free (gpointer data, GClosure *closure)
{
  Words *words = data;

  xh_catalog_unref (words->catalog);
  g_free (words);
}

static GtkLabel *
create_label (const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);

  return GTK_LABEL (label);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, Words *words)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  Parts *parts = g_new0 (Parts, 1);

  parts->type = GTK_LABEL (gtk_label_new (NULL));
  parts->title = create_label (NULL);
  parts->message = create_label ("caption");
  parts->unit = create_label ("caption");
  gtk_widget_add_css_class (GTK_WIDGET (parts->message), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (parts->unit), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (parts->type), "state-badge");
  gtk_widget_set_valign (GTK_WIDGET (parts->type), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (parts->title));
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (parts->message));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->type));
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->unit));
  gtk_widget_add_css_class (box, "work-row");
  g_object_set_data_full (G_OBJECT (item), "parts", parts, g_free);
  gtk_list_item_set_child (item, box);
}

static void
set_tone (GtkLabel *badge, XhQualityType type)
{
  static const char *const tones[] = { "tone-bad", "tone-waiting", "tone-active", "tone-bad" };

  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (badge), tones[i]);
  gtk_widget_add_css_class (GTK_WIDGET (badge), tones[type]);
  gtk_label_set_text (badge, xh_quality_type_label (type));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, Words *words)
{
  const XhFinding *finding = xh_finding_item_get (gtk_list_item_get_item (item));
  const Parts *parts = g_object_get_data (G_OBJECT (item), "parts");
  const XhUnit *unit = xh_units_find (xh_catalog_get_units (words->catalog), finding->unit);
  const XhField *field = finding->field != NULL ? xh_kind_find_field (words->kind, finding->field) : NULL;
  g_autofree char *message = field != NULL ? g_strdup_printf (_("%s: %s"), xh_label_get (&field->label), finding->message)
                                           : g_strdup (finding->message);
  g_autofree char *name = g_strdup_printf (_("%s, %s, %s"), xh_quality_type_label (finding->type), finding->title, message);
  GtkWidget *row = gtk_widget_get_parent (gtk_list_item_get_child (item));

  set_tone (parts->type, finding->type);
  gtk_label_set_text (parts->title, finding->title);
  gtk_label_set_text (parts->message, message);
  gtk_widget_set_tooltip_text (GTK_WIDGET (parts->message), message);
  gtk_label_set_text (parts->unit, unit != NULL ? unit->name : "");
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkListItemFactory *
xh_finding_factory_new (XhCatalog *catalog, const XhKind *kind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Words *words = g_new0 (Words, 1);

  words->catalog = xh_catalog_ref (catalog);
  words->kind = kind;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), words);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), words, words_free, 0);

  return factory;
}
