/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A SoupServer on loopback in a thread of its own, which answers what a test tells it to: also badly. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  MOCK_ANSWER,  /* status, body, headers */
  MOCK_CUT,     /* says the whole length, sends half of the body and hangs up */
  MOCK_GARBAGE, /* the body's bytes instead of an HTTP answer */
  MOCK_HANG,    /* nothing until the server is freed */
  MOCK_TRICKLE, /* half of the body, then nothing */
} MockManner;

typedef struct
{
  const char *method, *path, *query; /* query nullable */
  const char *authorization, *if_none_match; /* (nullable) */
  const char *body;
  gsize length;
} MockRequest;

typedef struct
{
  MockManner manner;
  guint status;
  char *body;          /* (owned) (nullable) */
  gssize length;       /* -1: up to the NUL */
  const char *header, *value; /* (nullable) one more header */
} MockAnswer;

typedef struct _MockServer MockServer;
/* Runs in the server's thread, one request at a time. @answer is 200 with no body. */
typedef void (*MockFunc) (const MockRequest *request, MockAnswer *answer, gpointer data);

MockServer *mock_server_new      (MockFunc func, gpointer data);
void        mock_server_free     (MockServer *self);
const char *mock_server_get_url  (MockServer *self);
guint       mock_server_get_n    (MockServer *self); /* requests so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockServer, mock_server_free)

G_END_DECLS
