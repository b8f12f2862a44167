#include "app/study_show.h"

#include <math.h>
#include <stdlib.h>

#include "app/ending.h"
#include "core/clock.h"
#include "core/number.h"

/* The launcher, which passes the line on, needs a core for it while a run is timed. */
static const double LINE_INTERVAL = 1;

/* There is still something to be done. */
static const double MOST_SHARE = 0.99;

/* Making the results so far may take so much of the study's time. */
static const double RESULTS_SHARE = 0.05;

void study_show_text(const struct study_rules *rules, const struct study_pace *pace, double left,
                     char *text, size_t size) {
  char stage[32] = "warm-up";
  char time[NUMBER_TEXT];
  if (pace->began > 0) {
    snprintf(stage, sizeof stage, "round %zu", pace->rounds + 1);
  }
  if (left < 0.1) {
    snprintf(text, size, "%s, nearly done", stage);
  } else {
    snprintf(text, size, "%s, %s%s left", stage, rules->relative > 0 ? "up to " : "",
             number_time_text(left, time));
  }
}

/* "3 of 6, 4 ranks: primes 0 1e9" */
static void name_entry(struct study_show *show, const struct study_entry *entry) {
  const struct study_plan *study = show->study;
  const struct planned_case *planned = entry->planned;
  char place[48] = "";
  char ranks[32] = "";
  if (study->count > 1) {
    snprintf(place, sizeof place, "%zu of %zu", (size_t)(entry - study->entries) + 1, study->count);
  }
  if (study->scales) {
    snprintf(ranks, sizeof ranks, "%s%d rank%s", place[0] == '\0' ? "" : ", ", entry->ranks,
             entry->ranks == 1 ? "" : "s");
  }
  snprintf(show->title, sizeof show->title, "%s%s%s%s", place, ranks,
           place[0] == '\0' && ranks[0] == '\0' ? "" : ": ",
           planned->label == NULL ? planned->title : planned->label);
}

static void show_pace(struct study_show *show, double now) {
  const struct study_group *group = &show->study->groups[show->eta.group];
  double left = study_eta_left(&show->eta, &show->pace, now);
  if (!progress_is_due(&show->progress, now)) {
    return;
  }
  char rest[64];
  double elapsed = now - show->progress.start;
  size_t at = show->pace.at < group->count ? show->pace.at : group->count - 1;
  name_entry(show, &show->study->entries[group->first + at]);
  show->share = fmax(show->share, fmin(MOST_SHARE, elapsed / (elapsed + left)));
  study_show_text(&show->study->rules, &show->pace, left, rest, sizeof rest);
  progress_say(&show->progress, show->share, rest, now);
}

static void render(const struct output *output, const struct format *format, size_t from,
                   struct ending_text *text) {
  FILE *stream = open_memstream(&text->text, &text->size);
  if (stream == NULL) {
    return;
  }
  if (from == 0 && text->descriptor < 0) {
    format->begin(&output->report, stream);
  }
  for (size_t i = from; i < output->report.count; i++) {
    format->row(&output->report, i, stream);
  }
  format->end(&output->report, stream);
  fclose(stream);
}

static void add_file(struct ending *ending, const struct output *output,
                     const struct output_file *file, const struct format *format) {
  if (file->path != NULL) {
    struct ending_text *text = &ending->texts[ending->count++];
    *text =
        (struct ending_text){.descriptor = -1, .temporary = file->temporary, .path = file->path};
    render(output, format, 0, text);
  }
}

/* On stdout the rows before `printed` stand already. */
static void leave_results(const struct output *output, size_t printed) {
  struct ending *ending =
      output->report.count == 0 ? NULL : (struct ending *)calloc(1, sizeof *ending);
  if (ending != NULL) {
    if (output->stream != NULL) {
      ending->texts[ending->count].descriptor = fileno(output->stream);
      render(output, output->format, printed, &ending->texts[ending->count++]);
    }
    add_file(ending, output, &output->file, output->format);
    add_file(ending, output, &output->json_file, &json_format);
  }
  ending_leave(ending);
}

/* Rounds that all cases have been measured in, so that they are compared over the same time and
   with the same baseline; of a first round what there is. */
static size_t whole_rounds(const struct study_show *show) {
  size_t rounds = STUDY_MOST_ROUNDS;
  for (size_t i = show->first; i < show->first + show->count; i++) {
    const struct study_entry *entry = &show->study->entries[i];
    rounds = entry->measured < rounds ? entry->measured : rounds;
  }
  return rounds > 0 ? rounds : 1;
}

static void make_results(struct study_show *show) {
  double start = clock_thread_seconds(); /* a standstill is none of its cost */
  size_t rounds = whole_rounds(show);
  size_t printed = show->output->report.count;
  for (size_t i = show->first; i < show->first + show->count; i++) {
    const struct study_entry *entry = &show->study->entries[i];
    if (entry->measured > 0) {
      output_push(show->output, entry->planned, study_record_so_far(entry, rounds, "interrupted"),
                  &entry->outcome);
    }
  }
  leave_results(show->output, printed);
  while (show->output->report.count > printed) {
    output_pop(show->output);
  }
  double cost = clock_thread_seconds() - start;
  show->next_results = clock_seconds() + cost / RESULTS_SHARE;
}

static size_t count_samples(const struct study_show *show) {
  size_t samples = 0;
  size_t rounds = whole_rounds(show);
  for (size_t i = show->first; i < show->first + show->count; i++) {
    size_t measured = show->study->entries[i].measured;
    samples += measured < rounds ? measured : rounds;
  }
  return samples;
}

static void look(void *data, const struct study_pace *pace) {
  struct study_show *show = data;
  double now = clock_seconds();
  show->pace = *pace;
  show_pace(show, now);
  size_t samples = count_samples(show);
  if (samples != show->seen && now >= show->next_results) {
    show->seen = samples;
    make_results(show);
  }
}

void study_show_open(struct study_show *show, const struct study_plan *study, const char *mode,
                     struct output *output) {
  *show = (struct study_show){
      .study = study,
      .output = output,
      .eta = {.rules = study->rules, .groups = study->group_count},
      .watch = {.look = look, .data = show},
  };
  progress_open(&show->progress, progress_manner(mode), stderr, show->title);
  show->progress.interval = LINE_INTERVAL;
  ending_guard(true);
}

void study_show_group(struct study_show *show, const struct study_group *group) {
  show->first = group->first;
  show->count = group->count;
  show->seen = 0;
}

void study_show_hide(struct study_show *show) {
  progress_wipe(&show->progress);
  ending_leave(NULL);
}

void study_show_rest(struct study_show *show) {
  if (show->count > 0) {
    show->first++;
    show->count--;
    make_results(show);
  }
}

enum status study_show_failed(struct study_show *show, struct fault *fault) {
  size_t rounds = whole_rounds(show);
  study_show_hide(show);
  for (size_t i = show->first; i < show->first + show->count; i++) {
    const struct study_entry *entry = &show->study->entries[i];
    if (entry->measured > 0 &&
        output_add(show->output, entry->planned, study_record_so_far(entry, rounds, "failed"),
                   &entry->outcome, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return STATUS_OK;
}

void study_show_next(struct study_show *show) {
  study_eta_next(&show->eta, &show->pace);
}

void study_show_close(struct study_show *show) {
  progress_close(&show->progress);
  ending_leave(NULL);
  ending_guard(false);
}
