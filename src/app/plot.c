/* plot: a picture of a result file, by gnuplot. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/plan.h"
#include "charts/chart.h"
#include "charts/gnuplot.h"
#include "core/number.h"
#include "core/output_file.h"

struct plot {
  char *path, *output, *kind;
};

static const struct option_row options[] = {
    {"R.json", OPTION_TEXT, offsetof(struct plot, path), NULL, NULL, NULL, 0, 0, true,
     "result file, written with --json"},
    {"-o", OPTION_TEXT, offsetof(struct plot, output), "FILE", NULL, NULL, 0, 0, true,
     "where the picture goes: a name that ends in .svg, .png or .pdf; - draws in the terminal"},
    {"--kind", OPTION_CHOICE, offsetof(struct plot, kind), NULL, "auto", "auto|" CHART_NAMES, 0, 0,
     false,
     "cores in use over time; smallest factors; cost of testing n; time over ranks, with laws; "
     "time over one to three settings; speedups; samples of each case"},
    {0},
};

static bool canvas_kind(const char *output, enum canvas_kind *kind) {
  static const struct {
    const char *end;
    enum canvas_kind kind;
  } kinds[] = {{".svg", CANVAS_SVG}, {".png", CANVAS_PNG}, {".pdf", CANVAS_PDF}};
  if (strcmp(output, "-") == 0) {
    *kind = CANVAS_TERMINAL;
    return true;
  }
  size_t length = strlen(output);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (length > 4 && strcmp(output + length - 4, kinds[i].end) == 0) {
      *kind = kinds[i].kind;
      return true;
    }
  }
  return false;
}

static enum status plot_validate(void *parameters, struct fault *fault) {
  const struct plot *plot = parameters;
  enum canvas_kind kind = CANVAS_SVG;
  return canvas_kind(plot->output, &kind)
             ? STATUS_OK
             : fault_set(fault, STATUS_USAGE,
                         "-o: '%s' is no kind of picture: accepted are names that end in .svg, "
                         ".png or .pdf, and - for the terminal",
                         plot->output);
}

/* The size of the terminal; where there is none, what COLUMNS and LINES say, or 80 by 24. */
static int terminal_size(bool columns) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    return columns ? size.ws_col : size.ws_row - 1; /* a line for the prompt */
  }
  uint64_t given = 0;
  const char *text = getenv(columns ? "COLUMNS" : "LINES");
  if (text != NULL && number_parse_count(text, &given) == NUMBER_OK && given > 0 && given < 1000) {
    return (int)given;
  }
  return columns ? 80 : 24;
}

static int at_least(int value, int least) {
  return value < least ? least : value;
}

static struct canvas make_canvas(const struct plot *plot) {
  struct canvas canvas = {.columns = at_least(terminal_size(true), 40),
                          .rows = at_least(terminal_size(false), 15),
                          .colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
  canvas_kind(plot->output, &canvas.kind);
  return canvas;
}

/* No chart shows so many cases. */
static enum status refuse(const struct plot *plot, const struct case_set *set,
                          struct fault *fault) {
  const char *keys[SETTINGS_MOST];
  char names[256] = "";
  size_t count = settings_differing(set, NULL, keys);
  for (size_t i = 0; i < count; i++) {
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? ", which differ in " : ", ",
             keys[i]);
  }
  return fault_set(fault, STATUS_USAGE,
                   "plot: '%s' holds %zu cases%s: no picture of so many could be read: vary three "
                   "settings at most, two of them with six values at most, or write fewer cases "
                   "to a file",
                   plot->path, set->count, names);
}

static enum status choose_chart(const struct plot *plot, const struct case_set *set,
                                const struct chart **chart, struct fault *fault) {
  if (strcmp(plot->kind, "auto") == 0) {
    *chart = chart_suited(set);
    return *chart != NULL ? STATUS_OK : refuse(plot, set, fault);
  }
  *chart = chart_find(plot->kind);
  const char *obstacle = (*chart)->obstacle(set);
  return obstacle == NULL ? STATUS_OK
                          : fault_set(fault, STATUS_USAGE, "plot: --kind: '%s' is not for '%s': %s",
                                      plot->kind, plot->path, obstacle);
}

/* Draw into `picture`. */
static enum status draw(const struct document *document, const struct plot *plot, FILE *picture,
                        struct fault *fault) {
  struct case_set set = {0};
  const struct chart *chart = NULL;
  FILE *script = tmpfile();
  enum status status =
      script == NULL ? fault_set(fault, STATUS_FAILED, "no temporary file: %s", strerror(errno))
                     : case_set_add(&set, document, fault);
  if (status == STATUS_OK) {
    status = choose_chart(plot, &set, &chart, fault);
  }
  if (status == STATUS_OK) {
    struct canvas canvas = make_canvas(plot);
    chart->draw(document, &set, &canvas, script);
    status = gnuplot_draw(script, picture, fault);
  }
  case_set_free(&set);
  if (script != NULL) {
    fclose(script);
  }
  return status;
}

static enum status draw_to_terminal(const struct document *document, const struct plot *plot,
                                    struct fault *fault) {
  if (draw(document, plot, stdout, fault) != STATUS_OK) {
    return fault->status;
  }
  return fflush(stdout) == 0
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED, "stdout cannot be written: %s", strerror(errno));
}

static enum status draw_to_file(const struct document *document, const struct plot *plot,
                                struct fault *fault) {
  struct output_file file;
  if (output_file_open(&file, "-o", plot->output, fault) != STATUS_OK) {
    return fault->status;
  }
  FILE *picture = output_file_begin(&file, fault);
  if (picture != NULL && draw(document, plot, picture, fault) == STATUS_OK) {
    output_file_commit(&file, picture, fault);
  } else if (picture != NULL) {
    output_file_discard(&file, picture);
  }
  output_file_close(&file);
  return fault->status;
}

static enum status plot_run(const void *parameters, const struct common *common, int *code,
                            struct fault *fault) {
  const struct plot *plot = parameters;
  struct document document;
  (void)common, (void)code;
  if (document_read(plot->path, &document, fault) != STATUS_OK) {
    return fault->status;
  }
  fault->status = STATUS_OK;
  enum status status = strcmp(plot->output, "-") == 0 ? draw_to_terminal(&document, plot, fault)
                                                      : draw_to_file(&document, plot, fault);
  document_free(&document);
  return status;
}

const struct tool plot_tool = {
    .name = "plot",
    .summary = "a picture of a result file: speedups, scaling, sweeps, samples",
    .example = "result.json -o result.svg",
    .options = options,
    .parameters_size = sizeof(struct plot),
    .validate = plot_validate,
    .run = plot_run,
};
