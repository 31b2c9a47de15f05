/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A data folder with accounts and a real xinheng-server process on it, for tests. */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Two townships of the catalog, a village of each, and a second village of the first. */
#define TOWNSHIP "410421100000"
#define VILLAGE "410421100001"
#define VILLAGE_2 "410421100002"
#define OTHER_TOWNSHIP "410421101000"
#define OTHER_VILLAGE "410421101001"

typedef struct
{
  char *folder, *data;  /* (owned) */
  GSubprocess *process; /* (owned) (nullable) */
  guint port;
  const char *keep_free; /* (not owned) (nullable) megabytes, of the next start */
  SoupSession *session; /* (owned) */
  char *coding;         /* (owned) (nullable) Content-Encoding of the last answer */
  char *etag;           /* (owned) (nullable) */
  char *type;           /* (owned) (nullable) */
} Office;

Office   *office_new      (void); /* accounts: anna and bert (assessors), tina (township), otto (assessor elsewhere), dora (department), olga (office) */
void      office_free     (Office *self); /* stops it and removes the folder */
void      office_start    (Office *self); /* at the port that it had before */
void      office_stop     (Office *self); /* SIGTERM; it must end with 0 */
void      office_kill     (Office *self); /* SIGKILL */
gboolean  office_check    (Office *self); /* xinheng-server check */
int       office_command  (Office *self, const char *input, const char *command, ...) G_GNUC_NULL_TERMINATED; /* exit status */

/* Returns the status; @answer: (out) (optional) (nullable). @token, @body nullable. */
guint     office_request  (Office *self, const char *method, const char *path, const char *token, const char *body, JsonNode **answer);
char     *office_sign_in  (Office *self, const char *login, const char *device); /* token; password is the login twice */
/* Pushes ops ("{…},{…}") and returns the answers. */
JsonNode *office_push     (Office *self, const char *token, const char *device, const char *ops);
/* Pushes @n households in the village, their numbers from @first on; each must be taken. */
void      office_push_households (Office *self, const char *token, const char *device, guint first, guint n);
JsonNode *office_pull     (Office *self, const char *token, gint64 since, guint limit);

/* An op: new id, household unless @kind. (transfer full) */
char       *make_op       (const char *kind, const char *record, gint64 base, const char *set);
char       *make_household (const char *village, guint number); /* the members of "set" without braces; valid, ID numbers differ by @number */
JsonObject *answer_at     (JsonNode *answers, guint index);
const char *answer_status (JsonNode *answers, guint index);
gint64      answer_version (JsonNode *answers, guint index);
guint       count_rows    (JsonNode *page, const char *kind);
gboolean    page_has_row  (JsonNode *page, const char *id);
gboolean    page_has_leave (JsonNode *page, const char *id);
/* A value of a row of the page by column. (nullable) */
JsonNode   *page_value    (JsonNode *page, const char *id, const char *column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Office, office_free)

G_END_DECLS
