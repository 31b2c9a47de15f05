/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person at work. */
#include "sim-steps.h"

#include "sync/xh-repair.h"

static void
change_one (SimClient *self, const char *where)
{
  g_autofree char *id = sim_choose_record (self, "%", where);
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;

  if (record != NULL)
    sim_edit (self, record);
}

static void
change_deleted (SimClient *self, gboolean deleted)
{
  g_autofree char *id = sim_choose_record (self, "%", deleted ? "NOT deleted" : "deleted");
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;
  g_autoptr (XhRecord) seen = record != NULL ? xh_record_copy (record) : NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  if (record == NULL || (!xh_kind_may (record->kind, record->kind->delete_roles, self->desk->profile->role) && !sim_chance_of (10)))
    return;
  record->deleted = deleted;
  g_ptr_array_add (changed, (gpointer) "deleted");
  sim_save (self, record, seen, changed);
}

/* One subject turns out to be another. */
static void
merge_subjects (SimClient *self)
{
  g_autofree char *id = sim_choose_record (self, "party", "NOT deleted AND state = 'listed'");
  g_autofree char *other = sim_choose_record (self, "party", "NOT deleted");
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;
  XhForm *form;

  if (record == NULL)
    return;
  form = sim_find_form (self, record->kind);
  sim_load_form (self, form, record, FALSE);
  sim_set_form_text (form, "merged_into", other);
  xh_form_transition (form, "merge", NULL);
  sim_save_form (self, form, record);
}

static void
open_form (SimClient *self)
{
  g_autofree char *id = sim_choose_record (self, "%", "NOT deleted");
  XhRecord *record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;

  if (record != NULL)
    g_ptr_array_add (self->open, record);
}

static void
save_open (SimClient *self)
{
  g_autoptr (XhRecord) record = NULL;

  if (self->open->len == 0)
    return;
  record = g_ptr_array_steal_index (self->open, sim_chance_below (self->open->len));
  self->old_form = g_hash_table_remove (self->old_forms, record);
  sim_edit (self, record);
  self->old_form = FALSE;
}

static void
rare_step (SimClient *self)
{
  const guint luck = sim_chance_below (100);

  if (luck < 40)
    sim_attach (self);
  else if (luck < 48)
    sim_fetch_files (self, FALSE);
  else if (luck < 52)
    sim_trim_files (self);
  else if (luck < 60)
    sim_park (self);
  else if (luck < 70)
    sim_undo (self);
  else if (luck < 75)
    sim_start_anew (self);
  else if (luck < 82)
    {
      sim_log (self->sim, "%s wants all of it checked", self->login);
      xh_repair_wish_verify (self->store, NULL);
      sim_bury (self->sim);
    }
  else if (luck < 91)
    sim_save_work (self);
  else
    sim_take_snapshot (self);
}

void
sim_step_of_person (SimClient *self)
{
  const guint luck = sim_chance_below (100);

  if (self->differs && sim_chance_of (30))
    sim_start_anew (self);
  else if (sim_chance_of (15))
    rare_step (self);
  else if (luck < 18)
    sim_create (self);
  else if (luck < 50)
    change_one (self, "NOT deleted");
  else if (luck < 53)
    change_one (self, "deleted");
  else if (luck < 58)
    change_deleted (self, TRUE);
  else if (luck < 60)
    change_deleted (self, FALSE);
  else if (luck < 64)
    merge_subjects (self);
  else if (luck < 68)
    open_form (self);
  else if (luck < 76)
    save_open (self);
  else if (luck < 82)
    sim_resolve (self, FALSE);
  else
    sim_client_sync (self, NULL);
}


void
sim_work (SimClient *self)
{
  sim_create (self);
  if (self->store != NULL)
    change_one (self, "NOT deleted");
  if (self->store != NULL)
    sim_resolve (self, FALSE);
}
