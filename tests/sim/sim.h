/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One history: a server and a few clients in one thread, on disks in memory, with a network and clocks that lie. */
#pragma once

#include "server/xh-server-private.h"
#include "sim-chance.h"
#include "sim-disk.h"
#include "sync/xh-engine-machine.h"
#include "sync/xh-round-private.h"

G_BEGIN_DECLS

#define SIM_CLIENTS 4

typedef struct _Sim Sim;

/* An edit that a person was told is safe. */
typedef struct
{
  char *id, *kind, *record; /* (owned) */
  guint client;
  JsonObject *set;    /* (owned) as it was queued */
  JsonObject *seen;   /* (owned) (nullable) what the person saw in these names */
  gint64 base;        /* version that the person saw */
  gboolean creates;
  gboolean undone;    /* the server was put back to before it */
  gboolean settled;   /* a person took it back or decided it in the tray: it may be anywhere */
} SimOp;

typedef struct
{
  Sim *sim;
  guint index;
  const char *login;
  SimDisk *disk;
  char *path;         /* (owned) of its store */
  gint64 clock;       /* what it shows less the true time */
  XhDesk *desk;       /* (owned) */
  XhStore *store;     /* (owned) (nullable) it is off */
  XhClient *client;   /* (owned) (nullable) */
  XhRound round;
  GHashTable *forms;  /* (owned) kind name: XhForm */
  GPtrArray *open;    /* (owned) of XhRecord: forms that stand open */
  GHashTable *old_forms; /* (owned) set of those of them that are of before the server was put back (not owned) */
  gboolean old_form;  /* one of them is being saved */
  gboolean stale;     /* it has not had a good round since then */
  gboolean differs;   /* it was told that the ledger is another one */
  XhMachine machine;  /* with news only: what asks for its rounds */
  gboolean asked;     /* the machine asks for a round */
  gint64 due;         /* when the machine's timer is, for news only; -1: none */
  gboolean listens;   /* the line for news stands */
  gint64 told;        /* the number that the server has sent on it last */
  GArray *news;       /* (owned) of gint64: sent, and not there yet */
} SimClient;

struct _Sim
{
  guint64 seed;
  char *folder;             /* (owned) files that are no databases of people */
  guint fewest_rows;        /* from which on the server makes a snapshot */
  XhCatalog *catalogs[2];   /* (not owned) now and later */
  guint serves;             /* which of them */
  SimDisk *disk;            /* the server's */
  char *data;               /* (owned) */
  gint64 clock;             /* the server's */
  XhServer *server;         /* (owned) (nullable) it is down */
  XhBackend *admin;         /* (owned) (nullable) its command line */
  SimClient clients[SIM_CLIENTS];
  guint n_clients;
  GPtrArray *delayed;       /* (owned) requests that are still on their way */
  gboolean calm;            /* the network and the disks are perfect */
  gboolean has_copy;        /* of the server's database */
  guint restores;           /* how often it was put back to one */
  gint64 copied;            /* the ledger's head then */
  gboolean at_rest;         /* everybody had the time to notice */
  GHashTable *ops;          /* (owned) id: SimOp */
  GString *faults;          /* (owned) what is wrong, a line each */
  GString *log;             /* (owned) (nullable) what happened, for whoever replays */
  guint count;              /* names of things */
};

/* sim-world.c */
void  sim_prepare   (void);       /* once a program: catalogs, a data folder and accounts to copy from */
void  sim_clean     (void);       /* at its end */
Sim  *sim_new       (guint64 seed, guint worker);
void  sim_free      (Sim *self);
void  sim_violation (Sim *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void  sim_log       (Sim *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean sim_server_start (Sim *self); /* FALSE: its disk fails */
void  sim_server_stop     (Sim *self);
void  sim_server_settle   (Sim *self); /* what hangs on other records, as the server's own thread would */
/* After anything that touches disks: whose disk died drops what it had open. */
void  sim_bury            (Sim *self);
void  sim_bury_server     (Sim *self);
gboolean sim_client_start (SimClient *client); /* signs in where the server can be reached, with its catalog */
void  sim_client_stop     (SimClient *client);
gboolean sim_client_sync  (SimClient *client, GError **error); /* one round; signs in and starts again where it is told to */

/* sim-net.c */
XhTransport *sim_transport_new (SimClient *client);
void  sim_deliver_late (Sim *self); /* one of the requests that are still on their way */
void  sim_late_free    (gpointer late);

/* sim-steps.c */
void  sim_step         (Sim *self);
void  sim_take_ops     (SimClient *client, JsonObject *seen, gint64 base); /* (transfer full) (nullable) seen: registers what has come into the outbox */
void  sim_resolve      (SimClient *client, gboolean give_up); /* every item of its tray */

void  sim_work         (SimClient *client); /* a person at work: two edits */

/* sim-files.c */
void     sim_fetch_files (SimClient *client, gboolean must); /* everything that its records name; @must: it has to come */
gboolean sim_keeps_files (const char *was, const char *stood, const char *mine, const char *is); /* (nullable) each */

/* sim-news.c: nothing happens there unless sim_with_news */
extern gboolean sim_with_news;
void  sim_news_begin_round (SimClient *client);
void  sim_news_end_round   (SimClient *client, const GError *error);
void  sim_news_come    (SimClient *client); /* a word from the line, at any time */
void  sim_news_step    (Sim *self);
void  sim_news_forget  (SimClient *client); /* its program ends */
void  sim_check_news   (Sim *self);         /* at rest: news alone brings everybody up to date */

/* sim-backup.c */
char *sim_fingerprint  (SimClient *client); /* (transfer full) of what a round may not touch when the ledger differs */
void  sim_notice       (SimClient *client, const char *before); /* its round has ended so */
/* A person was told, or began anew unasked: what the server had said was accepted and has lost is known to be lost; a copy of the store is kept. */
void  sim_let_go       (SimClient *client);
void  sim_start_anew   (SimClient *client);

/* sim-nth.c */
typedef struct
{
  gboolean of_server;
  SimDiskFault fault;
  guint ops;          /* 0: an allocation */
  guint64 n;
} SimNth;
/* FALSE: the history has fewer operations. */
gboolean sim_nth       (Sim *self, const SimNth *nth);

/* sim-judge.c */
void  sim_judge        (Sim *self);
void  sim_check_ops    (Sim *self);

/* sim-mutants.c */
typedef enum { SIM_SOUND, SIM_BROKEN_MERGE, SIM_BROKEN_ACK, SIM_BROKEN_CURSOR, SIM_BROKEN_ADOPTION, SIM_N_MUTANTS } SimMutant;
extern SimMutant sim_mutant;
extern gboolean sim_scopes_are_large; /* a change of scope is always one for a snapshot */

void  sim_op_free      (gpointer op);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sim, sim_free)

G_END_DECLS
