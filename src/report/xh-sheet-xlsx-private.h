/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the reading of an .xlsx shares: its parts are parsed one after the other into one state, then the rows of a sheet one at a time. */
#pragma once

#include <expat.h>

#include "xh-sheet-private.h"

G_BEGIN_DECLS

typedef enum { XH_IN_NOTHING, XH_IN_VALUE, XH_IN_INLINE } XhXlsxPlace;

typedef struct
{
  XhZip *zip;        /* (owned) (nullable) stands in the sheet */
  XML_Parser parser; /* (owned) of the sheet */
  guint64 total;
  gboolean ended, suspended;
  GError *error;     /* (owned) (nullable) of a callback */
  int depth;

  /* workbook */
  GPtrArray *sheet_ids;  /* (owned) relation ids of sheets that are shown, in order */
  GPtrArray *sheet_names; /* (owned) of (owned) utf8, likewise */
  guint opened;          /* which of them */
  GHashTable *relations; /* (owned) relation id: part */
  char *strings_part;    /* (owned) (nullable) */
  gboolean epoch_1904;

  /* styles */
  GHashTable *date_formats; /* (owned) set of format numbers */
  GArray *styles;           /* (owned) of gboolean: is a date */
  gboolean in_cell_xfs;

  XhStrings *strings; /* (owned) (nullable) */
  GString *text;      /* (owned) of the text that is being read */
  gboolean in_text, in_phonetic;

  /* the row */
  XhRow *row;         /* (not owned) */
  guint last_row, column;
  char type[12];
  guint style;
  XhXlsxPlace place;
  gboolean in_cell, row_done;
} XhXlsx;

/* xh-sheet-xlsx-parts.c */
const char *xh_xlsx_local_name (const char *name);                            /* without its prefix */
const char *xh_xlsx_attribute  (const char **attributes, const char *name);   /* (nullable) */
guint       xh_xlsx_number     (const char *text);                            /* of a nullable attribute; at most G_MAXINT */
/* Ends the parsing with an error of this room, the first that is told. */
void        xh_xlsx_stop       (XhXlsx *self, XML_Parser parser, XhSheetError code, const char *message);
/* One element deeper. FALSE: too deep, and it has been stopped. */
gboolean    xh_xlsx_enter      (XhXlsx *self, XML_Parser parser);
void        xh_xlsx_append_text (XhXlsx *self, XML_Parser parser, const char *text, int length);
/* _x000D_ stands for a character that XML cannot hold. */
void        xh_xlsx_unescape   (GString *text);
void        xh_xlsx_set_format_error (XML_Parser parser, GError **error);
XML_Parser  xh_xlsx_new_parser (XhXlsx *self, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text);
/* Feeds the next block of the part. FALSE: the part has ended, or @error. */
gboolean    xh_xlsx_feed       (XhXlsx *self, XhZip *zip, XML_Parser parser, GError **error);
gboolean    xh_xlsx_find_part  (XhZip *zip, const char *part, GError **error);
/* Workbook, relations and styles; then the shared texts, where there are any. */
gboolean    xh_xlsx_read_small_parts (XhXlsx *self, const char *path, GError **error);
gboolean    xh_xlsx_read_strings (XhXlsx *self, const char *path, GError **error);

G_END_DECLS
