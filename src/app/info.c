#include "app/info.h"

static void print_one_line(const struct workload *workload, FILE *out) {
  fprintf(out, "  %-8s %s\n", workload->name, workload->summary);
}

void info_print_list(FILE *out) {
  for (const struct workload *const *workload = workloads; *workload != NULL; workload++) {
    print_one_line(*workload, out);
  }
}

static void print_common(FILE *out) {
  fputs("\noptions of every job:\n", out);
  options_print_help(common_options, out);
}

static void print_everything(FILE *out) {
  fputs("parbench: how well does this machine, or this cluster, run parallel work?\n"
        "\n"
        "usage: [mpirun -np N] parbench                     the suite, measured, about 20 s\n"
        "       [mpirun -np N] parbench WORKLOAD [ARG...]   do one job, once\n"
        "       parbench list | help [WORKLOAD] | --version\n"
        "\n"
        "workloads:\n",
        out);
  info_print_list(out);
  print_common(out);
  fputs("\n"
        "Counts are written 1000000, 1e6, 1_000_000, 2^20 or 4M, times 10us, 1.5ms, 2s or 1min.\n"
        "The answer is the same on any number of ranks.\n"
        "With more ranks than cores: mpirun --oversubscribe.\n"
        "PARBENCH_ISA=baseline|v3|v4 forces an instruction set.\n"
        "exit codes: 0 done, 1 wrong answer or failure, 2 bad input\n",
        out);
}

void info_print_help(const struct workload *topic, FILE *out) {
  if (topic == NULL) {
    print_everything(out);
    return;
  }
  fprintf(out, "%s: %s\n\n", topic->name, topic->summary);
  int column = fprintf(out, "usage: [mpirun -np N] parbench %s", topic->name);
  options_print_usage(topic->options, column, out);
  fprintf(out, "\nexample: mpirun -np 4 parbench %s %s\n\n", topic->name, topic->example);
  options_print_help(topic->options, out);
  print_common(out);
}
