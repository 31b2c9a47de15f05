/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Somebody at a computer: a desk with a store of its own on a real server. */
#pragma once

#include "model/xh-attachment.h"
#include "sync/xh-engine.h"

G_BEGIN_DECLS

typedef struct
{
  char *login, *url, *data; /* (owned) */
  XhDesk *desk;       /* (owned) */
  XhStore *store;     /* (owned) */
  XhClient *client;   /* (owned) */
} Person;

void  person_open           (Person *self); /* signs in; password is the login twice */
void  person_close          (Person *self);
void  person_init           (Person *self, const char *folder, const char *url, const char *login); /* and opens */
void  person_clear          (Person *self);
void  person_meet           (Person *self); /* one round, which must end well */
void  person_set_text       (XhRecord *record, GPtrArray *changed, const char *field, const char *text); /* @field: borrowed by @changed */
char *person_save           (Person *self, XhRecord *record, GPtrArray *changed); /* (transfer full) its id; a new one is put into the village */
char *person_add_consent    (Person *self, const char *household, const XhAttachment *file, const char *signed_on); /* (transfer full) its id;
                                                                                             @signed_on: (nullable) */
XhAttachment *person_read_paper (Person *self, const char *consent); /* (transfer full) the first file of it */
char *person_add_household  (Person *self, guint number); /* (transfer full) its id; saved, not sent */
void  person_edit           (Person *self, const char *id, const char *field, const char *text);
void  person_assert_has     (Person *self, const char *id, const char *field, const char *text);
void  person_assert_settled (Person *self, guint tray); /* nothing in the outbox */
guint person_count_history  (Person *self, const char *id);

G_END_DECLS
