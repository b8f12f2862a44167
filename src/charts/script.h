/* What all charts' scripts have in common: the canvas, colours, texts, units. */
#pragma once

#include "charts/chart.h"
#include "core/stats.h"

/* Colours that people of any colour vision tell apart (M. Okabe and K. Ito, Color Universal Design,
   2008), in the order of use; index modulo SCRIPT_COLOURS. "#0072B2" */
enum { SCRIPT_COLOURS = 6 };
const char *script_colour(size_t index);

/* Points of the small letters, beside those of the canvas's own. */
int script_small_font(const struct canvas *canvas);

/* Terminal, fonts, axes and a title with the machine under it. A key is within the frame, at the
   top right, unless script_key takes it out. */
void script_begin(const struct document *document, const struct canvas *canvas, const char *title,
                  FILE *script);

/* Between the title and the machine a line on the job: what all cases have in common, after the
   words "on 1 rank: " or "". */
void script_job(const struct case_set *set, const char *words, const struct canvas *canvas,
                FILE *script);

/* The key below the frame, where it covers nothing, in so many rows. */
void script_key(const struct canvas *canvas, size_t rows, FILE *script);

/* A text of at most `most` (>= 8) characters; in a longer one "..." stands for what is left out
   after this share of it: 1 its end, 0.5 its middle. cut[most + 1]. */
void script_cut(const char *text, size_t most, double head_share, char *cut);

/* A text in gnuplot's single quotes: nothing in it is interpreted. (An apostrophe may become a
   typographic one.) */
void script_quote(const char *text, FILE *script);

/* The unit in which times up to `most` seconds read well, "ms", and how many make a second. */
const char *script_time_unit(double most, double *per_second);

/* Median and whiskers of samples, as figures of a data line: "median low high", times `factor`. The
   whiskers are the 95 % interval, or, with fewer than six samples, the smallest and largest. */
void script_whiskers(const struct stats *stats, double factor, FILE *script);
#define SCRIPT_WHISKERS "bars: 95 % interval of the median, or all samples if fewer than 6"

/* A remark in small letters at the bottom of the picture; a terminal has no room for it. */
void script_remark(const struct canvas *canvas, const char *text, FILE *script);

/* On a logarithmic y axis over a factor of `span`: more figures than those of the decades. */
void script_add_log_tics(double span, FILE *script);
