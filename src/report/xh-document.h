/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A printed paper: a definition of the catalog and records, laid out on A4 pages that are drawn the same on the screen, the printer
 * and into a PDF. No display needed. Laying out belongs to one thread (a worker: a long list takes seconds); a finished document may
 * be drawn by any one thread at a time.
 *
 * What is kept of a page is its texts and where they stand, some 10 KB: records are read one after another and let go. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

#include "model/xh-catalog.h"
#include "model/xh-record.h"

G_BEGIN_DECLS

#define XH_DOCUMENT_ERROR (xh_document_error_quark ())
GQuark xh_document_error_quark (void);

typedef enum
{
  XH_DOCUMENT_ERROR_TOO_LONG, /* more pages than a paper may have: choose fewer records */
  XH_DOCUMENT_ERROR_DENIED,   /* the role may not print the paper, or its condition does not hold for the record */
  XH_DOCUMENT_ERROR_WRITE,    /* the file could not be written: message says why; nothing is left of it */
} XhDocumentError;

#define XH_DOCUMENT_MAX_PAGES 5000

/* Takes a record, which is the caller's and lives until the return. FALSE with error set stops. */
typedef gboolean (*XhDocumentEach) (const XhRecord *record, gpointer data, GError **error);

/**
 * XhDocumentSource:
 *
 * Where the layout takes records from: report/xh-document-store.h reads a store, a test its own.
 */
typedef struct
{
  gpointer data;
  /* kind->references->len values */
  gboolean (*references) (gpointer data, const XhRecord *record, XhValue *values, GError **error);
  /* (transfer full) (nullable) what the record with this id is called */
  char    *(*title)      (gpointer data, const char *id);
  /* Calls @func for each record of @query, which belongs to a paper for @record. */
  gboolean (*each)       (gpointer data, const XhDocumentQuery *query, const XhRecord *record, XhDocumentEach func, gpointer user_data,
                          GError **error);
  gboolean (*count)      (gpointer data, const XhDocumentQuery *query, const XhRecord *record, gint64 *n, GError **error);
} XhDocumentSource;

/* Who prints, all copied. */
typedef struct
{
  const char *role; /* (nullable) NULL: the program itself, which may print everything */
  const char *user; /* (nullable) name of the person */
  const char *unit; /* (nullable) code of the unit */
  gboolean demo;    /* "演示数据" stands across every page */
} XhDocumentOptions;

typedef struct _XhDocument XhDocument;

/**
 * xh_document_new:
 * @source: copied; its data must outlive every call of xh_document_add()
 *
 * Returns: (transfer full): a document without pages, which keeps the catalog alive
 */
XhDocument *xh_document_new         (XhCatalog *catalog, const XhDocumentSource *source, const XhDocumentOptions *options);
void        xh_document_free        (XhDocument *self);

/**
 * xh_document_add:
 * @def: a paper of the document's catalog
 * @record: what it is printed for; of def->kind. For a paper that is printed together, the first of the chosen ones
 *
 * Adds the pages of one paper, which count from 1. Nothing is added where it fails.
 *
 * Returns: %FALSE with %XH_DOCUMENT_ERROR, %G_IO_ERROR_CANCELLED, or an error of the source
 */
gboolean    xh_document_add         (XhDocument *self, const XhDocumentDef *def, const XhRecord *record, GCancellable *cancellable,
                                     GError **error);

guint       xh_document_get_n_pages (XhDocument *self);
/* In points (1/72 inch). */
void        xh_document_get_size    (XhDocument *self, guint page, double *width, double *height);
/* Draws in points from the page's top left corner; the ground is left as it is. */
void        xh_document_draw        (XhDocument *self, guint page, cairo_t *cr);
/* (transfer full) what stands on a page, a line a text: for a screen reader and for tests */
char       *xh_document_get_text    (XhDocument *self, guint page);

/**
 * xh_document_write_pdf:
 * @title: (nullable): of the PDF
 *
 * Fonts are embedded. The file is complete or not there: it is written beside and renamed. Same document, same day, same bytes.
 *
 * Returns: %FALSE with %XH_DOCUMENT_ERROR_WRITE or %G_IO_ERROR_CANCELLED
 */
gboolean    xh_document_write_pdf   (XhDocument *self, const char *path, const char *title, GCancellable *cancellable, GError **error);

/**
 * xh_document_find_overflow:
 *
 * For tests: looks for a text that does not fit into the place it was given, or a place beyond the margins.
 *
 * Returns: (transfer full) (nullable): page and text; %NULL where all is well
 */
char       *xh_document_find_overflow (XhDocument *self);

/* 2026年11月22日; (transfer full), what is no date as it is. */
char       *xh_document_date        (const char *iso);
/* 二〇二六年十一月二十二日 */
char       *xh_document_han_date    (const char *iso);
/* Fen in words: 壹仟零伍元整 (票据法 and 正确填写票据和结算凭证的基本规定). */
char       *xh_document_rmb         (gint64 fen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDocument, xh_document_free)

G_END_DECLS
