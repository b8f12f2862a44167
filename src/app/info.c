#include "app/info.h"

enum kind { WORKLOAD, PROBE, TOOL };

static enum kind kind_of(const struct subject *subject) {
  return subject->tool != NULL ? TOOL : subject->probe != NULL ? PROBE : WORKLOAD;
}

static void print_subjects(enum kind kind, FILE *out) {
  struct subject subject;
  for (size_t i = 0; subject_at(i, &subject); i++) {
    if (kind_of(&subject) == kind) {
      fprintf(out, "  %-8s %s\n", subject.name, subject.summary);
    }
  }
}

void info_print_list(FILE *out) {
  fputs("workloads:\n", out);
  print_subjects(WORKLOAD, out);
  fputs("\nprobes, studies of communication itself:\n", out);
  print_subjects(PROBE, out);
  fputs("\ntools for result files, without mpirun:\n", out);
  print_subjects(TOOL, out);
}

static void print_common(const struct subject *topic, FILE *out) {
  static const char *const kinds[] = {"options of every job", "options of every probe", "output"};
  if (topic->tool != NULL && topic->tool->heeds == NULL) {
    return;
  }
  fprintf(out, "\n%s:\n", kinds[kind_of(topic)]);
  for (const struct option_row *row = common_options; row->name != NULL; row++) {
    if (subject_heeds(topic, row->name)) {
      options_print_row(row, out);
    }
  }
}

static void print_everything(const struct subject *topic, FILE *out) {
  fputs(
      "parbench: how well does this machine, or this cluster, run parallel work?\n"
      "\n"
      "usage: [mpirun -np N] parbench [--max-time 1min]   the suite, measured, about 20 s\n"
      "       [mpirun -np N] parbench WORKLOAD|PROBE ...  do one job, once\n"
      "       [mpirun -np N] parbench measure WORKLOAD ...    time it beside its serial baseline\n"
      "       [mpirun -np N] parbench scale [--weak] WORKLOAD ...    on 1, 2, 4 ... N ranks\n"
      "       [mpirun -np N] parbench sweep WORKLOAD ... --vary chunk=1,8,64    side by side\n"
      "       parbench compare A.json B.json | plot R.json -o F.svg\n"
      "       parbench list | help [measure|scale|sweep|WORKLOAD|PROBE|TOOL] | --version\n"
      "\n",
      out);
  info_print_list(out);
  fputs("\noptions of the suite:\n", out);
  options_print_help(study_options(COMMAND_SUITE), out);
  print_common(topic, out);
  fputs("\n"
        "Counts are written 1000000, 1e6, 1_000_000, 2^20 or 4M, times 10us, 1.5ms, 2s or 1min,\n"
        "sizes 4096, 64KiB or 1GB.\n"
        "The answer is the same on any number of ranks.\n"
        "With more ranks than cores: mpirun --oversubscribe.\n"
        "PARBENCH_ISA=baseline|v3|v4 forces an instruction set.\n"
        "exit codes: 0 done, 1 wrong answer or failure, 2 bad input, 3 slower than allowed\n",
        out);
}

static void print_study(enum command command, FILE *out) {
  static const struct {
    const char *name, *summary, *example;
  } studies[] = {
      [COMMAND_MEASURE] = {"measure", "time a job: repeats, serial baseline, confidence interval",
                           "isprime 18446744073709551557 --rel 2%"},
      [COMMAND_SCALE] = {"scale",
                         "a job on 1, 2, 4 ... ranks of one launch, and what holds it back",
                         "pi --samples 1e9"},
      [COMMAND_SWEEP] = {"sweep", "a job with several values of options, in rounds",
                         "sleep --cost bimodal:1ms --vary schedule=static,guided,factoring"},
  };
  fprintf(out, "%s: %s\n\n", studies[command].name, studies[command].summary);
  int column =
      fprintf(out, "usage: [mpirun -np N] parbench %s WORKLOAD [ARG...]", studies[command].name);
  options_print_usage(study_options(command), column, out);
  fprintf(out, "\nexample: mpirun -np 4 parbench %s %s\n\n", studies[command].name,
          studies[command].example);
  options_print_help(study_options(command), out);
  fputs("\nand all options of the workload and of every job: parbench help WORKLOAD\n", out);
}

void info_print_help(const struct subject *topic, enum command command, FILE *out) {
  if (topic->name == NULL && command != COMMAND_SUITE) {
    print_study(command, out);
    return;
  }
  if (topic->name == NULL) {
    print_everything(topic, out);
    return;
  }
  fprintf(out, "%s: %s\n\n", topic->name, topic->summary);
  bool alone = topic->tool != NULL;
  int column = fprintf(out, "usage: %sparbench %s", alone ? "" : "[mpirun -np N] ", topic->name);
  options_print_usage(topic->options, column, out);
  fprintf(out, "\nexample: %sparbench %s %s\n\n", alone ? "" : "mpirun -np 4 ", topic->name,
          topic->example);
  options_print_help(topic->options, out);
  print_common(topic, out);
}
