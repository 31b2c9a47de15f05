/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sizes as official papers have them (党政机关公文格式 GB/T 9704: title 二号, headings 黑体, body 仿宋 on lines of even distance); smaller where a
 * table must hold a record. Families are asked for by name and found by fontconfig, the first that is installed. */

#include "xh-document-private.h"

#define SERIF "FangSong,FangSong_GB2312,STFangsong,Noto Serif CJK SC,Source Han Serif SC,SimSun,Songti SC,serif"
#define TITLE_SERIF "FZXiaoBiaoSong-B05S,Noto Serif CJK SC,Source Han Serif SC,SimSun,Songti SC,serif"
#define SANS "SimHei,Noto Sans CJK SC,Source Han Sans SC,Heiti SC,sans-serif"

const XhStyleShape xh_styles[XH_N_STYLES] = {
  [XH_STYLE_TITLE] = { FALSE, 22, PANGO_WEIGHT_BOLD, 33 },
  [XH_STYLE_SUBTITLE] = { FALSE, 16, PANGO_WEIGHT_BOLD, 26 },
  [XH_STYLE_HEADING] = { TRUE, 14, PANGO_WEIGHT_MEDIUM, 24 },
  [XH_STYLE_BODY] = { FALSE, 14, PANGO_WEIGHT_NORMAL, 23.5 },
  [XH_STYLE_STRONG] = { FALSE, 14, PANGO_WEIGHT_BOLD, 23.5 },
  [XH_STYLE_SMALL] = { FALSE, 10.5, PANGO_WEIGHT_NORMAL, 17 },
  [XH_STYLE_LABEL] = { TRUE, 10.5, PANGO_WEIGHT_NORMAL, 16 },
  [XH_STYLE_CELL] = { FALSE, 10.5, PANGO_WEIGHT_NORMAL, 16 },
  [XH_STYLE_FIGURE] = { FALSE, 15, PANGO_WEIGHT_BOLD, 21 },
  [XH_STYLE_FOOT] = { FALSE, 9, PANGO_WEIGHT_NORMAL, 13 },
};

/* Independent of the surface: a line breaks at the same place on the screen and on paper. */
PangoContext *
xh_document_context (PangoFontMap *fonts)
{
  PangoContext *context = pango_font_map_create_context (fonts);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_language (context, pango_language_from_string ("zh-cn"));
  pango_context_set_base_dir (context, PANGO_DIRECTION_LTR);
  pango_context_set_round_glyph_positions (context, FALSE);
  return context;
}

PangoLayout *
xh_document_layout (PangoContext *context, XhStyle style, XhAlign align, const char *text, double width, double indent)
{
  static const PangoAlignment alignments[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
  const XhStyleShape *shape = &xh_styles[style];
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family_static (font, shape->sans ? SANS : style <= XH_STYLE_SUBTITLE ? TITLE_SERIF : SERIF);
  pango_font_description_set_absolute_size (font, shape->size * PANGO_SCALE);
  pango_font_description_set_weight (font, shape->weight);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_alignment (layout, alignments[align]);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_indent (layout, (int) (indent * PANGO_SCALE));
  pango_layout_set_text (layout, text, -1);
  return layout;
}
