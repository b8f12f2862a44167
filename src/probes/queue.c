/* queue: jobs through a queue, one a message, as Python's multiprocessing has them: what a job
   costs beside its own work. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/uint128.h"
#include "kernels/cost.h"
#include "kernels/miller_rabin.h"
#include "kernels/payload.h"
#include "kernels/primes.h"
#include "kernels/spend.h"
#include "probes/probe.h"
#include "probes/queue_jobs.h"

struct queue {
  uint64_t tasks;
  char *cost_text;
  bool burn;
  uint64_t payload, producers;
  bool feeder;
  uint64_t credits;
  char *results;
  bool print;
  char *work;

  bool costs;       /* cost was given */
  struct cost cost; /* from cost_text */
  bool primes;      /* work was given */
  uint64_t lo, hi;  /* from work */
};

enum { LARGEST_PAYLOAD = 1 << 30, MOST_PRODUCERS = 1 << 20, MOST_CREDITS = 1 << 14 };

static const struct option_row options[] = {
    {"--tasks", OPTION_COUNT, offsetof(struct queue, tasks), "N", NULL, NULL, 1, 0, false,
     "jobs to send through the queue; a job squares its number"},
    {"--work", OPTION_WORDS, offsetof(struct queue, work), "primes LO HI", NULL, NULL, 0, 0, false,
     "instead: is it prime? for every number of [LO, HI), one a job"},
    {"--cost", OPTION_TEXT, offsetof(struct queue, cost_text), "C", NULL, NULL, 0, 0, false,
     "what a job costs besides: 1ms, or uniform:, exponential:, bimodal: or increasing:1ms"},
    {"--burn", OPTION_SWITCH, offsetof(struct queue, burn), NULL, NULL, NULL, 0, 0, false,
     "with --cost: compute instead of sleeping, for as much processor time"},
    {"--payload", OPTION_SIZE, offsetof(struct queue, payload), "SIZE", "0", NULL, 0,
     LARGEST_PAYLOAD, false, "bytes that go with each job: 4096, 64KiB, 1MB"},
    {"--producers", OPTION_COUNT, offsetof(struct queue, producers), "P", "1", NULL, 1,
     MOST_PRODUCERS, false, "ranks that feed jobs, from rank 0 on; the others work"},
    {"--feeder", OPTION_SWITCH, offsetof(struct queue, feeder), NULL, NULL, NULL, 0, 0, false,
     "a thread of each producer makes the jobs"},
    {"--credits", OPTION_COUNT, offsetof(struct queue, credits), "K", NULL, NULL, 1, MOST_CREDITS,
     false, "jobs that a worker asks for ahead, at each producer [by how long they take]"},
    {"--results", OPTION_CHOICE, offsetof(struct queue, results), NULL, "completion",
     ORDERING_NAMES, 0, 0, false, "the order in which rank 0 consumes the results"},
    {"--print", OPTION_SWITCH, offsetof(struct queue, print), NULL, NULL, NULL, 0, 0, false,
     "print each number and its result, in that order (the report goes to stderr)"},
    {0},
};

/* "primes LO HI" */
static enum status parse_work(struct queue *queue, struct fault *fault) {
  static const char kind[] = "primes ";
  const char *lo = queue->work + strlen(kind);
  const char *blank = strncmp(queue->work, kind, strlen(kind)) == 0 ? strchr(lo, ' ') : NULL;
  if (blank == NULL) {
    return fault_set(fault, STATUS_USAGE, "--work: '%s' is unknown: accepted is primes LO HI",
                     queue->work);
  }
  char first[64];
  const char *hi = blank + 1;
  int length = snprintf(first, sizeof first, "%.*s", (int)(blank - lo), lo);
  enum number_result lo_result = length < (int)sizeof first
                                     ? number_parse_count(first, &queue->lo)
                                     : NUMBER_MALFORMED; /* cut, it would be another one */
  enum number_result hi_result = number_parse_count(hi, &queue->hi);
  if (lo_result != NUMBER_OK || hi_result != NUMBER_OK) {
    bool is_lo = lo_result != NUMBER_OK;
    return fault_set(
        fault, STATUS_USAGE, "--work: %s: '%s' %s: accepted are whole numbers below 2^64",
        is_lo ? "LO" : "HI", is_lo ? first : hi, number_complaint(is_lo ? lo_result : hi_result));
  }
  if (queue->lo >= queue->hi || queue->hi - queue->lo > INT64_MAX) {
    return fault_set(fault, STATUS_USAGE,
                     "--work: [%" PRIu64 ", %" PRIu64
                     ") is no range of 1 to 2^63-1 numbers: accepted is LO < HI",
                     queue->lo, queue->hi);
  }
  queue->primes = true;
  return STATUS_OK;
}

static enum status queue_validate(void *parameters, struct fault *fault) {
  struct queue *queue = parameters;
  if ((queue->tasks != 0) == (queue->work != NULL)) {
    return fault_set(fault, STATUS_USAGE, "--tasks and --work: %s: accepted is one of them",
                     queue->work == NULL ? "both are missing" : "both are given");
  }
  if (queue->burn && queue->cost_text == NULL) {
    return fault_set(fault, STATUS_USAGE, "--burn: there is nothing to burn: accepted with --cost");
  }
  queue->costs = queue->cost_text != NULL;
  if (queue->costs && cost_parse(queue->cost_text, &queue->cost, fault) != STATUS_OK) {
    return fault->status;
  }
  return queue->work == NULL ? STATUS_OK : parse_work(queue, fault);
}

/* A run: what the jobs' functions are given, and what rank 0 has found. */
struct run {
  const struct queue *queue;
  const struct probe_job *job;
  uint64_t count;

  uint64_t taken, wrong;
  uint128_t sum;      /* of the jobs' numbers */
  uint64_t scattered; /* sum of the scattered numbers: which they were */
  uint64_t primes, first, last;
  uint128_t primes_sum;
};

static enum status make(void *data, uint64_t number, void *payload, struct fault *fault) {
  const struct run *run = data;
  (void)fault;
  payload_fill(run->job->seed, number, payload, run->queue->payload);
  return STATUS_OK;
}

static enum status work(void *data, uint64_t number, const void *payload, uint64_t *result,
                        struct fault *fault) {
  const struct run *run = data;
  const struct queue *queue = run->queue;
  (void)payload, (void)fault;
  if (queue->costs) {
    struct spender spender;
    spend_start(&spender, queue->burn);
    spend(&spender, cost_of(&queue->cost, run->job->seed, number, run->count));
    spend_stop();
  }
  *result = queue->primes ? is_prime(queue->lo + number) : number * number;
  return STATUS_OK;
}

static enum status print_line(const struct text_sink *lines, uint64_t number, uint64_t result,
                              struct fault *fault) {
  char line[64];
  int length = snprintf(line, sizeof line, "%" PRIu64 " %" PRIu64 "\n", number, result);
  return lines->put(lines->data, line, (size_t)length, fault);
}

static enum status take(void *data, uint64_t number, uint64_t result, struct fault *fault) {
  struct run *run = data;
  const struct queue *queue = run->queue;
  uint64_t name = queue->lo + number; /* lo is 0 without --work */
  run->taken++;
  run->sum += number;
  run->scattered += payload_scatter(number);
  if (!queue->primes) {
    run->wrong += result != number * number;
  } else if (result != 0) {
    run->first = run->primes == 0 || name < run->first ? name : run->first;
    run->last = name > run->last ? name : run->last;
    run->primes++;
    run->primes_sum += name;
  }
  return run->job->lines == NULL ? STATUS_OK : print_line(run->job->lines, name, result, fault);
}

static json_t *number_or_null(bool there, uint64_t number) {
  return there ? json_sprintf("%" PRIu64, number) : json_null();
}

static void fill_answer(const struct run *run, json_t *answer) {
  char text[UINT128_TEXT];
  json_object_set_new(answer, "tasks", json_integer((json_int_t)run->taken));
  json_object_set_new(answer, "sum", json_string(uint128_text(run->sum, text)));
  if (run->queue->primes) {
    bool any = run->primes > 0;
    json_object_set_new(answer, "count", json_integer((json_int_t)run->primes));
    json_object_set_new(answer, "first", number_or_null(any, run->first));
    json_object_set_new(answer, "last", number_or_null(any, run->last));
    json_object_set_new(answer, "primes_sum", json_string(uint128_text(run->primes_sum, text)));
  }
}

static void fill_facts(const struct run *run, const struct queue_report *report, int ranks,
                       json_t *facts) {
  double seconds = report->seconds;
  double jobs = (double)run->count;
  json_object_set_new(facts, "per_second", json_real(seconds > 0 ? jobs / seconds : 0));
  json_object_set_new(facts, "seconds_per_job", json_real(seconds / jobs));
  json_object_set_new(facts, "bytes_per_second",
                      json_real(seconds > 0 ? jobs * (double)run->queue->payload / seconds : 0));
  json_object_set_new(facts, "workers", json_integer(report->workers));
  json_object_set_new(facts, "jobs_min", json_integer((json_int_t)report->jobs_min));
  json_object_set_new(facts, "jobs_max", json_integer((json_int_t)report->jobs_max));
  json_object_set_new(facts, "credits", json_integer((json_int_t)report->credits));
  json_object_set_new(facts, "end_markers", json_integer((json_int_t)report->markers));
  json_object_set_new(facts, "acknowledged", json_integer((json_int_t)report->acknowledged));
  json_object_set_new(facts, "chunks", json_integer((json_int_t)run->taken)); /* of one job each */
  json_object_set_new(facts, "busy_max", json_real(report->busy_max));
  json_object_set_new(facts, "busy_mean", json_real(report->busy_total / ranks));
}

/* Each job once: by their number, their sum, and a sum that no other set of numbers is likely to
   have. The squares were looked at as they came; primes are counted again another way. */
static bool check(const struct run *run, const struct queue_report *report, char *text, size_t size,
                  enum status *status, struct fault *fault) {
  const struct queue *queue = run->queue;
  uint64_t scattered = 0;
  for (uint64_t i = 0; i < run->count; i++) {
    scattered += payload_scatter(i);
  }
  bool once = run->taken == run->count && run->scattered == scattered &&
              run->sum == (uint128_t)run->count * (run->count - 1) / 2;
  bool results = run->wrong == 0;
  if (queue->primes) {
    uint64_t count = 0;
    uint128_t sum = 0;
    *status = primes_miller_rabin(queue->lo, queue->hi, &count, &sum, fault);
    results = count == run->primes && sum == run->primes_sum;
  }
  uint64_t expected = (uint64_t)report->workers * queue->producers;
  bool ended = report->markers == expected && report->acknowledged == expected;
  snprintf(text, size, "each job %s once; %s %s; end markers %s acknowledged",
           once ? "came" : "did NOT come", queue->primes ? "the primes" : "the squares",
           results ? "are right" : "are WRONG", ended ? "all" : "NOT all");
  return once && results && ended;
}

static enum status check_producers(const struct queue *queue, const struct team *team,
                                   struct fault *fault) {
  uint64_t most = team->size == 1 ? 1 : (uint64_t)team->size - 1;
  if (queue->producers > most) {
    return fault_set(fault, STATUS_USAGE,
                     "queue: --producers: %" PRIu64 " of %d rank%s leave%s none to work: accepted "
                     "%s%" PRIu64,
                     queue->producers, team->size, team->size == 1 ? "" : "s",
                     queue->producers == 1 ? "s" : "", most == 1 ? "is " : "are 1 to ", most);
  }
  return STATUS_OK;
}

static enum status queue_probe_run(const struct probe_job *job, struct outcome *outcome,
                                   struct probe_report *report, struct fault *fault) {
  const struct queue *queue = job->parameters;
  const struct team *team = job->team;
  struct run run = {
      .queue = queue, .job = job, .count = queue->primes ? queue->hi - queue->lo : queue->tasks};
  const struct queue_jobs jobs = {.count = run.count,
                                  .payload = queue->payload,
                                  .producers = (int)queue->producers,
                                  .feeder = queue->feeder,
                                  .credits = queue->credits,
                                  .order = ordering_find(queue->results),
                                  .make = make,
                                  .work = work,
                                  .take = take,
                                  .data = &run};
  struct queue_report found;
  if (check_producers(queue, team, fault) != STATUS_OK ||
      queue_run(&jobs, team, &found, fault) != STATUS_OK) {
    return fault->status;
  }
  if (team->rank == 0) {
    enum status status = STATUS_OK;
    fill_answer(&run, outcome->answer);
    fill_facts(&run, &found, team->size, outcome->facts);
    outcome->right = check(&run, &found, outcome->check, sizeof outcome->check, &status, fault);
    *report = (struct probe_report){.items = run.count, .seconds = found.seconds};
  }
  return team_agree(team, fault);
}

static bool queue_list_wanted(const void *parameters, const char **path) {
  *path = NULL;
  return ((const struct queue *)parameters)->print;
}

static void queue_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " jobs",
           json_integer_value(json_object_get(answer, "tasks")));
}

const struct probe queue_probe = {
    .name = "queue",
    .summary = "jobs through a queue, one a message: what a job costs beside its own work",
    .item = "job",
    .example = "--tasks 1e6 --payload 4KiB",
    .options = options,
    .measurable = true,
    .shares_job = true,
    .parameters_size = sizeof(struct queue),
    .validate = queue_validate,
    .run = queue_probe_run,
    .list_wanted = queue_list_wanted,
    .brief = queue_brief,
};
