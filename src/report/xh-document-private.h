/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a document, cut by topic:
 *   xh-document.c         the pages: making, drawing, reading
 *   xh-document-pdf.c     the file
 *   xh-document-style.c   fonts and sizes
 *   xh-document-pen.c     what flows down a page and on to the next: texts, places
 *   xh-document-table.c   rows of cells
 *   xh-document-fill.c    values and inserts as text
 *   xh-document-blocks.c  a definition's blocks, one after another
 *   xh-document-words.c   dates and money in words */
#pragma once

#include <pango/pangocairo.h>

#include "model/xh-form.h"
#include "xh-document.h"

G_BEGIN_DECLS

#define XH_MM(mm) ((mm) * 72.0 / 25.4)

typedef enum
{
  XH_STYLE_TITLE,
  XH_STYLE_SUBTITLE,
  XH_STYLE_HEADING,
  XH_STYLE_BODY,
  XH_STYLE_STRONG, /* body, bold */
  XH_STYLE_SMALL,
  XH_STYLE_LABEL,  /* of a value, or the head of a column */
  XH_STYLE_CELL,
  XH_STYLE_FIGURE, /* a count */
  XH_STYLE_FOOT,
  XH_N_STYLES,
} XhStyle;

typedef struct
{
  gboolean sans;
  double size;  /* points */
  PangoWeight weight;
  double pitch; /* from one line to the next */
} XhStyleShape;

extern const XhStyleShape xh_styles[XH_N_STYLES];

typedef enum
{
  XH_ITEM_TEXT,
  XH_ITEM_BOX,   /* stroked */
  XH_ITEM_SHADE, /* filled, light */
  XH_ITEM_RULE,
  XH_ITEM_QR,    /* text is what it says */
} XhItemType;

/* Something on a page. A text is laid out again when it is drawn: kept are its words, its width and which of its lines stand here. */
typedef struct
{
  guint8 type, style, align;
  guint16 first, n; /* lines */
  float x, y, width, height, indent;
  const char *text; /* (not owned) in the document's chunk */
} XhItem;

typedef struct
{
  guint paper;
  GArray *items; /* (owned) of XhItem */
} XhDocumentPage;

/* One definition printed once: its pages count together. */
typedef struct
{
  guint first, n;
  gboolean landscape;
  const char *header, *footer; /* (not owned) (nullable) */
} XhDocumentPaper;

struct _XhDocument
{
  XhCatalog *catalog;       /* (owned) */
  XhDocumentSource source;
  char *role, *user, *unit; /* (owned) (nullable) */
  gboolean demo;
  GStringChunk *texts;      /* (owned) */
  GPtrArray *pages;         /* (owned) of XhDocumentPage */
  GArray *papers;           /* (owned) of XhDocumentPaper */
  GHashTable *mains;        /* (owned) of XhKind: XhForm of what papers are printed for */
  GHashTable *forms;        /* (owned) of XhKind: XhForm of what they list */
  PangoFontMap *fonts;      /* (owned) */
  PangoContext *context;    /* (owned) */
};

/* --- style */
PangoLayout *xh_document_layout (PangoContext *context, XhStyle style, XhAlign align, const char *text, double width, double indent);
PangoContext *xh_document_context (PangoFontMap *fonts);

/* --- pen: a paper being laid out */
typedef struct
{
  XhDocument *document;
  const XhDocumentDef *def;
  const XhRecord *record;
  XhForm *form;           /* (not owned) of def->kind, loaded with record */
  char *number;           /* (owned) (nullable) */
  GCancellable *cancellable;
  guint paper;
  XhDocumentPage *page;   /* (not owned) */
  double left, right, top, bottom;
  double y;
  double float_bottom;    /* of what stands beside: a QR code */
} XhPen;

gboolean    xh_pen_new_page  (XhPen *pen, GError **error);
gboolean    xh_pen_need      (XhPen *pen, double height, GError **error); /* goes to the next page where less is left */
void        xh_pen_clear_float (XhPen *pen);
const char *xh_pen_keep      (XhPen *pen, const char *text);
XhItem     *xh_pen_item      (XhPen *pen, XhItemType type, double x, double y, double width, double height);
/* A paragraph in the whole width, broken by lines over pages. */
gboolean    xh_pen_text      (XhPen *pen, XhStyle style, XhAlign align, double indent, const char *text, GError **error);
guint       xh_pen_count_lines (XhPen *pen, XhStyle style, const char *text, double width, double indent);

/* --- table */
typedef struct
{
  const char *text; /* kept by the pen */
  XhStyle style;
  XhAlign align;
  double width;
  gboolean shade;
} XhTableCell;

/* A row of cells; where it does not fit it goes to the next page, under @head (nullable: a row that is repeated) again. */
gboolean    xh_pen_row       (XhPen *pen, const XhTableCell *cells, guint n, double min_height, const XhTableCell *head, guint n_head, GError **error);
gboolean    xh_pen_fields    (XhPen *pen, XhForm *form, GPtrArray *cells, guint columns, GError **error);
gboolean    xh_pen_table     (XhPen *pen, const XhBlock *block, GError **error);

/* --- fill; all (transfer full) */
XhForm     *xh_document_form   (XhDocument *document, const XhRecord *record, GError **error); /* (transfer none) loaded */
XhForm     *xh_document_main_form (XhDocument *document, const XhRecord *record, GError **error); /* likewise, of its own */
gboolean    xh_pen_is_unmasked (XhPen *pen, const XhField *field); /* the paper lists it */
char       *xh_pen_value       (XhPen *pen, const XhField *field, const XhValue *value);
char       *xh_pen_fill        (XhPen *pen, const XhTemplate *text, XhForm *form);
char       *xh_pen_cell        (XhPen *pen, const XhDocumentCell *cell, XhForm *form);
char       *xh_document_clean  (const char *text); /* what may stand on paper: valid, no control characters but line ends, not endless */

/* Whether an expression of a kind names a field that is sensitive. */
gboolean    xh_document_reads_sensitive (const XhKind *kind, const char *expression);

/* --- blocks */
gboolean    xh_pen_block       (XhPen *pen, const XhBlock *block, GError **error);

/* --- QR */
void        xh_document_draw_qr (cairo_t *cr, const char *text, double x, double y, double size);

G_END_DECLS
