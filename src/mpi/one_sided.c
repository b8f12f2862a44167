#include "mpi/one_sided.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mpi/call.h"
#include "mpi/library.h"
#include "mpi/wait.h"

/* Whether a file of MCA settings has a line "osc = ...", and what it sets. */
static bool reads_osc(const char *path, char *value, size_t size) {
  char line[256];
  bool found = false;
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return false;
  }
  while (fgets(line, sizeof line, file) != NULL) {
    char name[16] = "";
    char text[200] = "";
    if (sscanf(line, " %15[a-z_] = %199s", name, text) == 2 && strcmp(name, "osc") == 0) {
      snprintf(value, size, "%s", text);
      found = true;
    }
  }
  fclose(file);
  return found;
}

/* The user's own settings come before the system's. */
static bool user_sets_osc(void) {
  char path[PATH_MAX];
  char value[200];
  const char *home = getenv("HOME");
  if (getenv("OMPI_MCA_osc") != NULL) {
    return true;
  }
  snprintf(path, sizeof path, "%.4000s/.openmpi/mca-params.conf", home == NULL ? "" : home);
  return reads_osc(path, value, sizeof value);
}

void one_sided_prepare(void) {
  /* Debian excludes the component pt2pt: in Open MPI 4 windows then cannot be made across TCP
     hosts, and the component rdma, taken instead on a single host, crashes in some operations. Open
     MPI 5 has no pt2pt, and needs rdma. */
  char value[200];
  if (library_is_open_mpi_4() && !user_sets_osc() &&
      reads_osc("/etc/openmpi/openmpi-mca-params.conf", value, sizeof value) && value[0] == '^' &&
      strstr(value, "pt2pt") != NULL) {
    setenv("OMPI_MCA_osc", "^ucx,rdma", 1);
  }
}

enum status one_sided_open(const struct team *team, size_t size, uint64_t **base, MPI_Win *window,
                           struct fault *fault) {
  *base = NULL;
  int error = MPI_Win_allocate(team->rank == 0 ? (MPI_Aint)size : 0, sizeof **base, MPI_INFO_NULL,
                               team->comm, (void *)base, window);
  *fault = (struct fault){.status = STATUS_OK};
  if (error != MPI_SUCCESS) {
    *window = MPI_WIN_NULL;
    fault_set(fault, STATUS_FAILED,
              "one-sided MPI does not work between these hosts with OMPI_MCA_osc=%s: set it to "
              "another choice of components, for example OMPI_MCA_osc=%s",
              getenv("OMPI_MCA_osc") == NULL ? "" : getenv("OMPI_MCA_osc"),
              library_is_open_mpi_4() ? "^ucx,rdma" : "^ucx");
  }
  return team_agree(team, fault);
}

void one_sided_close(const struct team *team, MPI_Win *window) {
  /* MPI_Win_free spins; nobody enters before everybody can. */
  team_barrier(team, team->comm, WAIT_BRISK);
  MPI_CALL(MPI_Win_free(window));
}

enum status remote_words_open(struct remote_words *words, const struct team *team,
                              const uint64_t *initial, struct fault *fault) {
  uint64_t *base;
  *words = (struct remote_words){.team = team, .window = MPI_WIN_NULL, .request = MPI_REQUEST_NULL};
  if (one_sided_open(team, REMOTE_WORDS * sizeof *base, &base, &words->window, fault) !=
      STATUS_OK) {
    return fault->status;
  }
  if (team->rank == 0) {
    memcpy(base, initial, REMOTE_WORDS * sizeof *base);
  }
  words->own = (_Atomic uint64_t *)base;
  team_barrier(team, team->comm, WAIT_BRISK);
  MPI_CALL(MPI_Win_lock_all(MPI_MODE_NOCHECK, words->window));
  return STATUS_OK;
}

void remote_words_start(struct remote_words *words, int count, MPI_Op op,
                        const uint64_t *operands) {
  for (int i = 0; i < count; i++) {
    words->operands[i] = operands == NULL ? 0 : operands[i];
  }
  MPI_CALL(MPI_Rget_accumulate(words->operands, count, MPI_UINT64_T, words->results, count,
                               MPI_UINT64_T, 0, 0, count, MPI_UINT64_T, op, words->window,
                               &words->request));
}

bool remote_words_done_at_once(struct remote_words *words) {
  int done;
  MPI_CALL(MPI_Test(&words->request, &done, MPI_STATUS_IGNORE));
  return done != 0;
}

/* A test of no request, or of one that is complete, does nothing for others. */
static void let_others_go_on(const struct remote_words *words) {
  int arrived;
  MPI_CALL(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, words->team->comm, &arrived, MPI_STATUS_IGNORE));
}

bool remote_words_done(struct remote_words *words) {
  bool done = remote_words_done_at_once(words);
  let_others_go_on(words);
  return done;
}

uint64_t remote_words_own(struct remote_words *words, int i) {
  let_others_go_on(words);
  MPI_CALL(MPI_Win_sync(words->window));
  return atomic_load(&words->own[i]);
}

void remote_words_close(struct remote_words *words) {
  if (words->window != MPI_WIN_NULL) {
    MPI_CALL(MPI_Win_unlock_all(words->window));
    one_sided_close(words->team, &words->window);
  }
}
