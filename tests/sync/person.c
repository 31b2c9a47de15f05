/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "person.h"

#include "server/office.h"

void
person_open (Person *self)
{
  g_autofree char *password = g_strconcat (self->login, self->login, NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  self->desk = xh_desk_sign_in (self->data, self->url, self->login, password, NULL, &error);
  g_assert_no_error (error);
  path = xh_desk_store_path (self->desk);
  self->store = xh_store_open (path, self->desk->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
  self->client = xh_client_new (self->url, self->desk->device);
  xh_client_set_token (self->client, self->desk->profile->token);
}

void
person_close (Person *self)
{
  g_clear_pointer (&self->store, xh_store_close);
  g_clear_pointer (&self->client, xh_client_free);
  g_clear_pointer (&self->desk, xh_desk_free);
}

void
person_init (Person *self, const char *folder, const char *url, const char *login)
{
  self->login = g_strdup (login);
  self->url = g_strdup (url);
  self->data = g_build_filename (folder, login, NULL);
  person_open (self);
}

void
person_clear (Person *self)
{
  person_close (self);
  g_free (self->login);
  g_free (self->url);
  g_free (self->data);
}

void
person_meet (Person *self)
{
  g_autoptr (GError) error = NULL;

  xh_engine_run_once (self->desk, self->store, self->client, NULL, NULL, &error);
  g_assert_no_error (error);
}

void
person_set_text (XhRecord *record, GPtrArray *changed, const char *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  g_assert_true (xh_record_set (record, field, &value));
  g_ptr_array_add (changed, (gpointer) field);
}

char *
person_save (Person *self, XhRecord *record, GPtrArray *changed)
{
  g_autoptr (GError) error = NULL;

  if (record->division == NULL)
    record->division = g_strdup (VILLAGE);
  xh_store_save (self->store, record, changed, self->login, &error);
  g_assert_no_error (error);
  return g_strdup (record->id);
}

char *
person_add_household (Person *self, guint number)
{
  const XhKind *kind = xh_catalog_find_kind (self->desk->catalog, "household");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autofree char *members = make_household (VILLAGE, number);
  g_autofree char *json = g_strdup_printf ("{%s}", members);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

  for (GList *l = names; l != NULL; l = l->next)
    person_set_text (record, changed, l->data, json_object_get_string_member (json_node_get_object (node), l->data));
  return person_save (self, record, changed);
}

char *
person_add_consent (Person *self, const char *household, const XhAttachment *file, const char *signed_on)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (self->desk->catalog, "consent"), NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new (), files = g_ptr_array_new ();
  g_auto (XhValue) paper = XH_VALUE_INIT;

  g_ptr_array_add (files, (gpointer) file);
  xh_attachments_write (files, &paper);
  person_set_text (record, changed, "household", household);
  person_set_text (record, changed, "paper", xh_value_as_text (&paper));
  if (signed_on != NULL)
    person_set_text (record, changed, "signed_on", signed_on);
  return person_save (self, record, changed);
}

XhAttachment *
person_read_paper (Person *self, const char *consent)
{
  g_autoptr (XhRecord) record = xh_store_load (self->store, consent, NULL);
  g_autoptr (GPtrArray) files = NULL;

  g_assert_nonnull (record);
  files = xh_attachments_read (xh_record_get (record, "paper"));
  g_assert_cmpuint (files->len, ==, 1);
  return xh_attachment_copy (files->pdata[0]);
}

void
person_edit (Person *self, const char *id, const char *field, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (self->store, id, &error);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  g_assert_no_error (error);
  person_set_text (record, changed, field, text);
  g_free (person_save (self, record, changed));
}

void
person_assert_has (Person *self, const char *id, const char *field, const char *text)
{
  g_autoptr (XhRecord) record = xh_store_load (self->store, id, NULL);

  g_assert_nonnull (record);
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, field)), ==, text);
}

/* What was refused and why, for whoever reads a failure. */
static void
print_tray (Person *self)
{
  g_autoptr (GPtrArray) tray = xh_store_tray (self->store, NULL);

  for (guint i = 0; i < tray->len; i++)
    g_test_message ("%s: %s", self->login, ((XhTrayItem *) tray->pdata[i])->detail);
}

void
person_assert_settled (Person *self, guint tray)
{
  print_tray (self);
  g_assert_cmpuint (xh_store_outbox_count (self->store), ==, 0);
  g_assert_cmpuint (xh_store_tray_count (self->store), ==, tray);
}

guint
person_count_history (Person *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = xh_client_history (self->client, id, NULL, &error);
  g_autoptr (JsonNode) node = NULL;

  g_assert_no_error (error);
  node = json_from_string (json, NULL);
  return json_array_get_length (json_node_get_array (node));
}
