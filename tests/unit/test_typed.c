/* What was typed and set, as results repeat it: command lines that bash reads back, settings of
   Open MPI, and no secrets in either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mpi/mca_settings.h"
#include "core/secret.h"
#include "core/shell_words.h"
#include "unit/temporary_folder.h"

static void check_text(const char *const *words, const char *expected) {
  char *text = shell_words_join(words);
  assert_non_null(text);
  assert_string_equal(text, expected);
  free(text);
}

static void quoted_only_where_needed(void **state) {
  (void)state;
  check_text((const char *[]){NULL}, "");
  check_text((const char *[]){"./parbench", "pi", "--samples=2^20", "-v", "0.1:1.2:n3,5", NULL},
             "./parbench pi --samples=2^20 -v 0.1:1.2:n3,5");
  check_text((const char *[]){"a b", "", "A=1", "--x=a b", "it's", "$HOME", "*", NULL},
             "'a b' '' 'A=1' '--x=a b' 'it'\\''s' '$HOME' '*'");
  check_text((const char *[]){"\xc3\xa9", "\xff'\\ x", NULL}, "'\xc3\xa9' $'\\377\\047\\134 x'");
}

/* Every byte that a word can hold, alone, at its beginning and its end, and in JSON's eyes. */
static void bash_reads_the_same_words(void **state) {
  (void)state;
  enum { BYTES = 255, FORMS = 3 };
  static char words[BYTES * FORMS][8];
  const char *list[BYTES * FORMS + 4] = {"printf", "%s\\0"};
  size_t count = 2;
  for (size_t byte = 1; byte <= BYTES; byte++) {
    char(*forms)[8] = &words[FORMS * (byte - 1)];
    snprintf(forms[0], 8, "%c", (int)byte);
    snprintf(forms[1], 8, "%cab", (int)byte);
    snprintf(forms[2], 8, "-7%c", (int)byte);
    for (int i = 0; i < FORMS; i++) {
      list[count++] = forms[i];
    }
  }
  list[count++] = "";
  list[count] = NULL;
  char *text = shell_words_join(list);
  assert_non_null(text);
  json_t *valid = json_string(text);
  assert_non_null(valid);
  json_decref(valid);
  write_file(in_folder("script"), text, strlen(text));
  free(text);
  char command[256];
  snprintf(command, sizeof command, "bash %s > %s", in_folder("script"), in_folder("words"));
  assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
  FILE *read = fopen(in_folder("words"), "r");
  assert_non_null(read);
  for (size_t i = 2; i < count; i++) {
    char word[16] = "";
    int length = 0;
    for (int c = fgetc(read); c != '\0' && c != EOF && length < 15; c = fgetc(read)) {
      word[length++] = (char)c;
    }
    assert_string_equal(word, list[i]);
  }
  assert_int_equal(fgetc(read), EOF);
  fclose(read);
}

static void no_passwords(void **state) {
  (void)state;
  unsetenv("PARBENCH_REDIS_PASSWORD");
  check_text((const char *[]){"parbench", "hunter2", "redis://me:pw@host:1", "a@b", "x://y/", NULL},
             "parbench hunter2 *** a@b x://y/");
  setenv("PARBENCH_REDIS_PASSWORD", "hunter2", 1);
  check_text((const char *[]){"parbench", "hunter2", "--output=my-hunter2.json", "hunter", NULL},
             "parbench *** *** hunter");
  /* Were all of these hidden, the password would be told by it. */
  setenv("PARBENCH_REDIS_PASSWORD", "1", 1);
  check_text((const char *[]){"parbench", "--seed", "1", NULL}, "parbench --seed 1");
  unsetenv("PARBENCH_REDIS_PASSWORD");
}

static void the_settings_of_users_only(void **state) {
  (void)state;
  setenv("PARBENCH_REDIS_PASSWORD", "hunter2", 1);
  static const char *const variables[] = {
      /* mpirun's options, the user's own, and ours */
      "OMPI_MCA_btl=self,vader", "OMPI_MCA_hwloc_base_binding_policy=core",
      "OMPI_MCA_osc=^ucx,rdma", "OMPI_MCA_btl_tcp_if_include=10.0.0.0/8",
      "OMPI_MCA_empty=", "OMPI_MCA_a=b=c", "OMPI_MCA_mpi_yield_when_idle=1",
      "OMPI_MCA_mca_base_env_list_delimiter=;",
      /* mpirun's wiring */
      "OMPI_MCA_orte_hnp_uri=1.0;tcp://10.0.0.1:5", "OMPI_MCA_orte_precondition_transports=7-8",
      "OMPI_MCA_ess=^singleton", "OMPI_MCA_ess_base_jobid=7", "OMPI_MCA_pmix=^s1,s2",
      "OMPI_MCA_initial_wdir=/tmp", "OMPI_MCA_mpi_oversubscribe=0",
      "OMPI_MCA_shmem_RUNTIME_QUERY_hint=mmap",
      /* secrets */
      "OMPI_MCA_sec_munge_Password=x", "OMPI_MCA_some_token=x", "OMPI_MCA_sec_basic_key=x",
      "OMPI_MCA_url=https://me:pw@host/", "OMPI_MCA_arguments=--auth hunter2",
      /* others */
      "OMPI_COMM_WORLD_RANK=0", "PMIX_MCA_btl=x", "XOMPI_MCA_y=z", "OMPI_MCA_no_value",
      "HOME=/root", NULL};
  json_t *wanted = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "btl", "self,vader",
                             "hwloc_base_binding_policy", "core", "osc", "^ucx,rdma",
                             "btl_tcp_if_include", "10.0.0.0/8", "empty", "", "a", "b=c",
                             "mpi_yield_when_idle", "1", "mca_base_env_list_delimiter", ";");
  json_t *record = mca_settings_record(variables);
  assert_true(json_equal(record, wanted));
  json_decref(record);
  json_decref(wanted);
  static const char *const none[] = {NULL};
  record = mca_settings_record(none);
  assert_true(json_is_object(record) && json_object_size(record) == 0);
  json_decref(record);
  unsetenv("PARBENCH_REDIS_PASSWORD");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quoted_only_where_needed),
      cmocka_unit_test_setup_teardown(bash_reads_the_same_words, make_temporary_folder,
                                      remove_temporary_folder),
      cmocka_unit_test(no_passwords),
      cmocka_unit_test(the_settings_of_users_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
