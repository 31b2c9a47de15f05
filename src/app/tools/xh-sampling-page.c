/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sampling-page.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-save-dialog.h"
#include "app/widgets/xh-code-drop-down.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-draw-ratios.h"
#include "xh-draw-row.h"

struct _XhSamplingPage
{
  XhPage parent_instance;

  GtkStack *stack;
  XhCodeDropDown *schemes, *units;
  AdwActionRow *scheme_row;
  AdwEntryRow *title_row, *witness_row, *seed_row;
  GtkGrid *grid;
  GtkWidget *draw_button, *again_button, *verify_button, *export_button, *save_button;
  GtkLabel *summary, *proof, *verdict;
  GtkListView *view;

  XhSession *session;             /* (owned) */
  const XhSamplingScheme *scheme; /* (nullable) */
  XhDrawRatios *ratios;           /* (owned) */
  XhDrawSheet *sheet;             /* (owned) (nullable) what is shown */
  char *saved;                    /* (owned) (nullable) id of its record */
  gboolean busy;                  /* a worker has the sheet */
};

G_DEFINE_FINAL_TYPE (XhSamplingPage, xh_sampling_page, XH_TYPE_PAGE)

/* What a worker is asked. */
typedef struct
{
  const XhSamplingScheme *scheme;
  GArray *percents;        /* (owned) (nullable) */
  char *seed, *path;       /* (owned) (nullable) */
  XhDrawSheet *sheet;      /* (not owned) (nullable) of the page, which is busy so long */
  char *role, *login, *name, *division, *unit, *title, *lead_unit, *witness; /* (owned) (nullable) */
} Job;

static void
job_free (Job *job)
{
  char *const texts[] = { job->seed, job->path, job->role, job->login, job->name, job->division, job->unit, job->title, job->lead_unit,
                          job->witness };

  g_clear_pointer (&job->percents, g_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (job);
}

/* --- in workers --- */

static gpointer
count_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhDrawPool) pool = xh_draw_pool_read (store, ((Job *) data)->scheme, error);

  return pool != NULL ? g_array_ref (pool->by_ratio) : NULL;
}

static gpointer
draw_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  XhDrawPool *pool = xh_draw_pool_read (store, job->scheme, error);

  return pool != NULL ? xh_draw_sheet_make (store, job->scheme, job->percents, job->seed, pool, error) : NULL;
}

static gpointer
verify_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (xh_draw_sheet_verify (store, ((Job *) data)->sheet, error));
}

static gpointer
export_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;

  return GINT_TO_POINTER (xh_draw_sheet_export (job->sheet, job->path, error) >= 0);
}

static gpointer
save_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  const XhDrawOrder order = { job->role, job->login, job->name, job->division, job->unit, job->title, job->lead_unit, job->witness };

  return xh_draw_sheet_save (store, job->sheet, &order, error);
}

/* --- the ratios --- */

static void
show_ready (XhSamplingPage *self)
{
  gtk_widget_set_sensitive (self->draw_button,
                            !self->busy && xh_draw_ratios_get_total (self->ratios) > 0 && *gtk_editable_get_text (GTK_EDITABLE (self->seed_row)) != '\0');
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSamplingPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) counts = xh_worker_finish (XH_WORKER (source), result, &error);

  if (self->session == NULL || counts == NULL || counts->len != xh_draw_ratios_get_n (self->ratios) + 1)
    {
      if (error != NULL && self->session != NULL)
        xh_page_set_notice (XH_PAGE (self), error->message);
      return;
    }
  xh_draw_ratios_set_counts (self->ratios, counts);
  show_ready (self);
}

static Job *
job_new (XhSamplingPage *self)
{
  const XhProfile *profile = xh_session_get_profile (self->session);
  Job *job = g_new0 (Job, 1);

  job->scheme = self->scheme;
  job->sheet = self->sheet;
  job->seed = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->seed_row))));
  job->role = g_strdup (xh_session_get_role (self->session));
  job->login = g_strdup (profile->login);
  job->name = g_strdup (profile->name);
  job->division = g_strdup (profile->division);
  job->unit = g_strdup (profile->unit);
  job->title = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->title_row))));
  job->witness = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->witness_row))));
  job->lead_unit = g_strdup (xh_code_drop_down_get_code (self->units));
  job->percents = xh_draw_ratios_get_percents (self->ratios);

  return job;
}

static void
run (XhSamplingPage *self, XhWorker *worker, XhWorkerFunc func, const char *path, GDestroyNotify free_result, GAsyncReadyCallback callback)
{
  Job *job = job_new (self);

  job->path = g_strdup (path);
  xh_worker_run (worker, G_PRIORITY_DEFAULT, func, job, (GDestroyNotify) job_free, free_result, NULL, callback, g_object_ref (self));
}

static void
scheme_chosen_cb (XhSamplingPage *self)
{
  const char *name = xh_code_drop_down_get_code (self->schemes);
  const XhSamplingScheme *scheme = name != NULL ? xh_catalog_find_sampling (xh_session_get_catalog (self->session), name) : NULL;

  if (scheme == NULL)
    return;
  self->scheme = scheme;
  adw_action_row_set_subtitle (self->scheme_row, scheme->source != NULL ? scheme->source : "");
  xh_draw_ratios_show (self->ratios, scheme);
  show_ready (self);
  run (self, xh_session_get_reader (self->session), count_in_reader, NULL, (GDestroyNotify) g_array_unref, counted_cb);
}

/* --- the result --- */

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  xh_draw_row_setup (item);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, XhSamplingPage *self)
{
  xh_draw_row_bind (item, self->sheet);
}

static void
say (XhSamplingPage *self, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), text != NULL);
  gtk_label_set_text (self->verdict, text != NULL ? text : "");
}

static void
show_buttons (XhSamplingPage *self)
{
  gtk_widget_set_visible (self->save_button, self->saved == NULL);
  gtk_widget_set_visible (self->again_button, self->saved == NULL);
  gtk_widget_set_visible (self->verify_button, self->saved != NULL);
  gtk_widget_set_sensitive (self->save_button, !self->busy);
  gtk_widget_set_sensitive (self->again_button, !self->busy);
  gtk_widget_set_sensitive (self->verify_button, !self->busy);
  gtk_widget_set_sensitive (self->export_button, !self->busy);
  show_ready (self);
}

static void
set_busy (XhSamplingPage *self, gboolean busy)
{
  self->busy = busy;
  if (self->session != NULL)
    show_buttons (self);
}

/* The rows are known by their place alone: the model holds as many numbers. */
static void
show_sheet (XhSamplingPage *self)
{
  GtkStringList *model = gtk_string_list_new (NULL);
  GtkSelectionModel *selection;
  g_autofree char *drawn = xh_text_number (self->sheet->objects->len), *pool = xh_text_number (self->sheet->n_pool);
  g_autofree char *text = g_strdup_printf (_("%s drawn of %s"), drawn, pool);
  g_autofree char *proof = g_strdup_printf (_("Seed %s · hash of the pool %s"), self->sheet->seed,
                                            self->sheet->pool_hash != NULL ? self->sheet->pool_hash : "—");

  for (guint i = 0; i < self->sheet->objects->len; i++)
    gtk_string_list_append (model, "");
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (model)));
  gtk_list_view_set_model (self->view, selection);
  g_object_unref (selection);
  gtk_label_set_text (self->summary, text);
  gtk_label_set_text (self->proof, proof);
  say (self, NULL);
  show_buttons (self);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSamplingPage) self = data;
  g_autoptr (GError) error = NULL;
  XhDrawSheet *sheet = xh_worker_finish (XH_WORKER (source), result, &error);

  set_busy (self, FALSE);
  if (self->session == NULL || sheet == NULL)
    {
      if (error != NULL && self->session != NULL)
        xh_page_set_notice (XH_PAGE (self), error->message);
      g_clear_pointer (&sheet, xh_draw_sheet_free);
      return;
    }
  xh_page_set_notice (XH_PAGE (self), NULL);
  gtk_list_view_set_model (self->view, NULL);
  g_clear_pointer (&self->sheet, xh_draw_sheet_free);
  self->sheet = sheet;
  show_sheet (self);
}

static void
draw_cb (XhSamplingPage *self)
{
  if (self->busy || self->scheme == NULL)
    return;
  set_busy (self, TRUE);
  run (self, xh_session_get_reader (self->session), draw_in_reader, NULL, (GDestroyNotify) xh_draw_sheet_free, drawn_cb);
}

static void
make_seed_cb (XhSamplingPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y%m%d"), *seed = g_strdup_printf ("%s-%08u", day, g_random_int () % 100000000u);

  gtk_editable_set_text (GTK_EDITABLE (self->seed_row), seed);
}

static void
again_cb (XhSamplingPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "plan");
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSamplingPage) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean same = xh_worker_finish (XH_WORKER (source), result, &error) != NULL;
  g_autofree char *text = same ? g_strdup (_("The same: the pool, drawn again with this seed and these ratios, gives just these objects."))
                               : g_strdup_printf (_("Not the same: %s"), error != NULL ? error->message : "");

  set_busy (self, FALSE);
  if (self->session != NULL)
    say (self, text);
}

static void
verify_cb (XhSamplingPage *self)
{
  if (self->busy || self->sheet == NULL)
    return;
  set_busy (self, TRUE);
  say (self, _("Drawing again…"));
  run (self, xh_session_get_reader (self->session), verify_in_reader, NULL, NULL, verified_cb);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSamplingPage) self = data;
  g_autoptr (GError) error = NULL;
  char *id = xh_worker_finish (XH_WORKER (source), result, &error);
  const char *kinds[3] = { NULL };

  if (self->session == NULL)
    {
      g_free (id);
      return;
    }
  if (id != NULL)
    {
      kinds[0] = xh_catalog_get_register (xh_session_get_catalog (self->session), "draw");
      kinds[1] = self->sheet->scheme->creates != NULL ? self->sheet->scheme->creates->name : NULL;
      xh_session_saved (self->session, kinds);
      self->saved = id;
      say (self, self->sheet->scheme->creates != NULL ? _("Saved, with a task for each object.") : _("Saved."));
    }
  else
    say (self, error->message);
  set_busy (self, FALSE);
}

static void
save_cb (XhSamplingPage *self)
{
  if (self->busy || self->sheet == NULL || self->saved != NULL)
    return;
  if (*gtk_editable_get_text (GTK_EDITABLE (self->title_row)) == '\0' || xh_code_drop_down_get_code (self->units) == NULL)
    {
      say (self, _("Fill in the subject matter and the lead unit first: press Change. The result stays the same with the same seed."));
      return;
    }
  set_busy (self, TRUE);
  say (self, _("Saving…"));
  run (self, xh_session_get_writer (self->session), save_in_writer, NULL, g_free, saved_cb);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSamplingPage) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_worker_finish (XH_WORKER (source), result, &error) != NULL;
  XhWindow *window;

  set_busy (self, FALSE);
  if (self->session == NULL)
    return;
  window = xh_window_of (GTK_WIDGET (self));
  if (!done)
    say (self, error->message);
  else if (window != NULL)
    xh_window_toast (window, _("The sheet is saved"));
}

static void
chosen_cb (GtkWidget *page, const char *path)
{
  XhSamplingPage *self = XH_SAMPLING_PAGE (page);

  if (self->session != NULL && !self->busy)
    {
      set_busy (self, TRUE);
      run (self, xh_session_get_reader (self->session), export_in_reader, path, NULL, exported_cb);
    }
}

static void
export_cb (XhSamplingPage *self)
{
  g_autofree char *name = g_strdup_printf ("%s-%s.xlsx", _("Random Draw"), self->sheet->seed);

  xh_ask_save_path (GTK_WIDGET (self), _("Export"), name, chosen_cb);
}

static void
activate_cb (XhSamplingPage *self, guint position)
{
  const XhDrawObject *object = position < self->sheet->objects->len ? g_ptr_array_index (self->sheet->objects, position) : NULL;
  g_autofree char *target = object != NULL ? g_strconcat ("record:", object->id, NULL) : NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL && target != NULL && *object->id != '\0')
    xh_window_open_target (window, target);
}

/* --- page --- */

static void
xh_sampling_page_dispose (GObject *object)
{
  XhSamplingPage *self = XH_SAMPLING_PAGE (object);

  g_clear_object (&self->session);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_SAMPLING_PAGE);

  G_OBJECT_CLASS (xh_sampling_page_parent_class)->dispose (object);
}

static void
xh_sampling_page_finalize (GObject *object)
{
  XhSamplingPage *self = XH_SAMPLING_PAGE (object);

  g_clear_pointer (&self->sheet, xh_draw_sheet_free);
  xh_draw_ratios_free (self->ratios);
  g_free (self->saved);

  G_OBJECT_CLASS (xh_sampling_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, schemes);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, units);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, title_row);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, witness_row);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, seed_row);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, grid);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, draw_button);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, verify_button);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, summary);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, proof);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, XhSamplingPage, view);
}

static void
xh_sampling_page_class_init (XhSamplingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sampling_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_sampling_page_finalize;
  g_type_ensure (XH_TYPE_CODE_DROP_DOWN);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/tools/xh-sampling-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, scheme_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_ready);
  gtk_widget_class_bind_template_callback (widget_class, make_seed_cb);
  gtk_widget_class_bind_template_callback (widget_class, draw_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, verify_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
xh_sampling_page_init (XhSamplingPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->ratios = xh_draw_ratios_new (self->grid);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);
}

static void
fill_choices (XhSamplingPage *self)
{
  XhCatalog *catalog = xh_session_get_catalog (self->session);
  GPtrArray *schemes = xh_catalog_get_sampling (catalog), *units = xh_units_get_all (xh_catalog_get_units (catalog));
  const char *first = NULL;

  xh_code_drop_down_set_name (self->schemes, _("Scheme"));
  xh_code_drop_down_set_name (self->units, _("Lead unit"));
  xh_code_drop_down_clear (self->schemes, _("Choose a scheme"));
  for (guint i = 0; i < schemes->len; i++)
    {
      const XhSamplingScheme *scheme = g_ptr_array_index (schemes, i);

      if (!xh_session_may (self->session, scheme->pool->read_roles, scheme->pool)
          || (scheme->creates != NULL && !xh_session_may (self->session, scheme->creates->create_roles, scheme->creates)))
        continue;
      xh_code_drop_down_append (self->schemes, scheme->name, xh_label_get (&scheme->label));
      first = first != NULL ? first : scheme->name;
    }
  xh_code_drop_down_close (self->schemes);
  xh_code_drop_down_clear (self->units, _("Choose a unit"));
  for (guint i = 0; i < units->len; i++)
    {
      const XhUnit *unit = g_ptr_array_index (units, i);

      xh_code_drop_down_append (self->units, unit->code, unit->name);
    }
  xh_code_drop_down_close (self->units);
  if (xh_session_get_profile (self->session)->unit != NULL)
    xh_code_drop_down_set_code (self->units, xh_session_get_profile (self->session)->unit);
  if (first != NULL && xh_code_drop_down_set_code (self->schemes, first))
    scheme_chosen_cb (self);
}

XhPage *
xh_sampling_page_new (XhSession *session, const XhRecord *record)
{
  XhSamplingPage *self = g_object_new (XH_TYPE_SAMPLING_PAGE, NULL);
  g_autoptr (GError) error = NULL;

  self->session = g_object_ref (session);
  if (record == NULL)
    {
      fill_choices (self);
      return XH_PAGE (self);
    }

  self->sheet = xh_draw_sheet_read (xh_session_get_catalog (session), record, &error);
  self->saved = g_strdup (record->id);
  if (self->sheet != NULL)
    {
      g_autofree char *title = xh_store_title (xh_session_get_store (session), record->id, NULL);

      xh_page_set_subtitle (XH_PAGE (self), title);
      show_sheet (self);
    }
  else
    xh_page_set_notice (XH_PAGE (self), error->message);

  return XH_PAGE (self);
}
