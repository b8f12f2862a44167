/* parbench: from argv to the exit code. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/command_line.h"
#include "app/environment.h"
#include "app/info.h"
#include "app/run.h"
#include "kernels/isa.h"
#include "mpi/launcher.h"
#include "mpi/team.h"
#include "mpi/threads.h"

static void complain(const struct fault *fault) {
  fprintf(stderr, "parbench: %s\n", fault->text);
}

/* Every process found the same fault: one says so, and gives the launcher its exit code. (Were the
   others to end with 2 as well, the launcher might end the first before it has spoken.) */
static int refuse(const struct fault *fault) {
  if (launcher_rank() != 0) {
    return STATUS_OK;
  }
  complain(fault);
  return (int)fault->status;
}

/* The commands that need no ranks: printed by one process, however many were started. */
static enum status inform(const struct plan *plan, struct fault *fault) {
  if (isa_choose(fault) != STATUS_OK || launcher_rank() != 0) {
    return fault->status;
  }
  if (plan->command == COMMAND_LIST) {
    info_print_list(stdout);
  } else if (plan->command == COMMAND_HELP) {
    info_print_help(&plan->topic, plan->topic_command, stdout);
  } else {
    environment_print_version(stdout);
  }
  return fflush(stdout) == 0
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED, "stdout cannot be written: %s", strerror(errno));
}

/* What is no reason to stop. */
static void warn(const char *line) {
  if (line[0] != '\0') {
    fprintf(stderr, "parbench: %s\n", line);
  }
}

/* The same for a tool, whose exit code may say more than that it did its work. */
static enum status use_tool(const struct plan *plan, int *code, struct fault *fault) {
  if (launcher_rank() != 0) {
    return STATUS_OK;
  }
  const struct planned_case *planned = &plan->cases[0];
  return planned->subject.tool->run(planned->parameters, &plan->common, code, fault);
}

/* Whatever was wrong, on whichever rank, is said once, by rank 0. */
static int work(const struct plan *plan) {
  struct team team;
  struct fault fault = {.status = STATUS_OK};
  bool right = false;
  /* Not the team's rank 0, which every process is that finds itself alone; and asked before MPI is
     started, which changes what the environment says. */
  bool speaks = launcher_rank() == 0;
  if (launcher_check_start(&fault) != STATUS_OK) {
    return refuse(&fault);
  }
  team_open(&team, &fault);
  if (fault.status == STATUS_OK) {
    isa_choose(&fault);
  }
  char warning[512];
  if (team_agree(&team, &fault) == STATUS_OK &&
      team_set_threads(&team, plan_most_threads(plan), warning, sizeof warning, &fault) ==
          STATUS_OK) {
    warn(warning);
    run_plan(plan, &team, &right, &fault);
  }
  if (fault.status != STATUS_OK && speaks) {
    complain(&fault);
  }
  team_close(&team);
  if (!speaks) {
    return STATUS_OK; /* one exit code is enough, and launchers print a banner for each */
  }
  return fault.status != STATUS_OK ? (int)fault.status : right ? STATUS_OK : STATUS_FAILED;
}

int main(int argc, char **argv) {
  struct plan plan;
  struct fault fault = {.status = STATUS_OK};
  int code = STATUS_OK;
  if (command_line_parse(argc, argv, &plan, &fault) != STATUS_OK) {
    code = refuse(&fault);
  } else if (plan_needs_ranks(plan.command)) {
    plan.typed = (const char *const *)argv;
    code = work(&plan);
  } else if (plan.command == COMMAND_TOOL) {
    if (use_tool(&plan, &code, &fault) != STATUS_OK) {
      code = refuse(&fault);
    }
  } else if (inform(&plan, &fault) != STATUS_OK) {
    code = refuse(&fault);
  }
  plan_free(&plan);
  return code;
}
