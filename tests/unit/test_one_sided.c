/* Debian's choice of components for one-sided MPI is replaced where Open MPI 4 would crash with it,
   and left alone where the replacement would break Open MPI 5; a user's choice stays. The library's
   version is told by this test, in place of MPI's own function. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mpi.h>

#include "mpi/library.h"
#include "mpi/one_sided.h"

static const char *version;

int MPI_Get_library_version(char *text, int *length) {
  *length = snprintf(text, MPI_MAX_LIBRARY_VERSION_STRING, "%s", version);
  return MPI_SUCCESS;
}

static const char four[] = "Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4";
static const char five[] = "Open MPI v5.0.7, package: Debian OpenMPI, ident: 5.0.7";

/* What is set after preparing, beginning without a setting. */
static const char *prepared_for(const char *library) {
  version = library;
  unsetenv("OMPI_MCA_osc");
  one_sided_prepare();
  const char *setting = getenv("OMPI_MCA_osc");
  return setting == NULL ? "" : setting;
}

/* Whether this machine's settings are Debian's. */
static bool is_debian(void) {
  char line[256];
  bool found = false;
  FILE *file = fopen("/etc/openmpi/openmpi-mca-params.conf", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char value[200];
    found = found || (sscanf(line, " osc = %199s", value) == 1 && value[0] == '^' &&
                      strstr(value, "pt2pt") != NULL);
  }
  if (file != NULL) {
    fclose(file);
  }
  return found;
}

static void only_open_mpi_4_is_helped(void **state) {
  (void)state;
  assert_string_equal(prepared_for(four), is_debian() ? "^ucx,rdma" : "");
  assert_string_equal(prepared_for(five), "");
  assert_string_equal(prepared_for("MPICH Version: 4.0.2"), "");
  version = four;
  assert_true(library_is_open_mpi_4());
  version = "Open MPI v40.0.1";
  assert_false(library_is_open_mpi_4());
}

static void a_users_choice_stays(void **state) {
  (void)state;
  version = four;
  setenv("OMPI_MCA_osc", "pt2pt", 1);
  one_sided_prepare();
  assert_string_equal(getenv("OMPI_MCA_osc"), "pt2pt");
}

static void a_users_file_counts_too(void **state) {
  const char *home = *state;
  char path[128];
  snprintf(path, sizeof path, "%s/.openmpi", home);
  assert_int_equal(mkdir(path, 0700), 0);
  snprintf(path, sizeof path, "%s/.openmpi/mca-params.conf", home);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs("# mine\nosc = rdma\n", file);
  fclose(file);
  assert_string_equal(prepared_for(four), "");
  unlink(path);
  snprintf(path, sizeof path, "%s/.openmpi", home);
  rmdir(path);
}

/* Nobody's settings but the test's. */
static char home[] = "/tmp/parbench-test-XXXXXX";

static int make_home(void **state) {
  *state = mkdtemp(home);
  return *state == NULL || setenv("HOME", home, 1) != 0;
}

static int remove_home(void **state) {
  (void)state;
  return rmdir(home);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_open_mpi_4_is_helped),
      cmocka_unit_test(a_users_choice_stays),
      cmocka_unit_test(a_users_file_counts_too),
  };
  return cmocka_run_group_tests(tests, make_home, remove_home);
}
