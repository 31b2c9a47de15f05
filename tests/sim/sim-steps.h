/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The steps of a history, for each other. */
#pragma once

#include "model/xh-form.h"
#include "sim.h"

/* sim-ops.c */
/* A person made the ops of a record void: those of this client need not be anywhere any more. @all: those that were sent, too */
void        sim_settle_ops     (SimClient *client, const char *record, gboolean all);
/* (transfer full) what the person saw in the names that were changed */
JsonObject *sim_note_seen      (const XhRecord *record, GPtrArray *changed);

/* sim-forms.c */
/* (transfer full) (nullable) the id of one of the records that this client has; @kind, @where: of SQL */
char       *sim_choose_record  (SimClient *client, const char *kind, const char *where);
XhForm     *sim_find_form      (SimClient *client, const XhKind *kind); /* (transfer none) */
void        sim_load_form      (SimClient *client, XhForm *form, const XhRecord *record, gboolean is_new);
void        sim_set_form_text  (XhForm *form, const char *name, const char *text);
void        sim_save_form      (SimClient *client, XhForm *form, const XhRecord *seen);
void        sim_save           (SimClient *client, XhRecord *record, const XhRecord *seen, GPtrArray *changed);
void        sim_edit           (SimClient *client, const XhRecord *record);
void        sim_create         (SimClient *client);

/* sim-files.c */
void        sim_attach         (SimClient *client);
void        sim_trim_files     (SimClient *client);

/* sim-carry.c */
void        sim_export_snapshot (SimClient *client);
void        sim_take_snapshot   (SimClient *client);
void        sim_spoil_part      (SimClient *client);
void        sim_save_work       (SimClient *client);
void        sim_bring_work      (SimClient *client);

/* sim-backup.c */
void        sim_copy_or_put_back (Sim *self);

/* sim-tray.c */
void        sim_park           (SimClient *client);
void        sim_undo           (SimClient *client);

/* sim-person.c, sim-machines.c */
void        sim_step_of_person   (SimClient *client);
void        sim_step_of_machines (Sim *self);
void        sim_make_room        (Sim *self);
