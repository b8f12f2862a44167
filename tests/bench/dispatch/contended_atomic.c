/* contended_atomic PROCESSES ADDITIONS: that many processes add to one counter in shared memory,
   ADDITIONS times in all. Prints the additions a second: what drawing tasks one by one from a
   node's memory is measured against. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

struct page {
  _Alignas(64) _Atomic uint64_t counter;
  _Alignas(64) _Atomic int ready;
  _Atomic int go;
};

static void add_all(struct page *page, uint64_t additions) {
  atomic_fetch_add(&page->ready, 1);
  while (!atomic_load(&page->go)) {
    sched_yield();
  }
  while (atomic_fetch_add(&page->counter, 1) < additions) {
  }
}

int main(int argc, char **argv) {
  int processes = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
  uint64_t additions = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
  struct page *page =
      mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (processes < 1 || additions == 0 || page == MAP_FAILED) {
    fprintf(stderr, "usage: contended_atomic PROCESSES ADDITIONS\n");
    return 2;
  }
  for (int i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child < 0) {
      perror("contended_atomic: fork");
      atomic_store(&page->counter, additions);
      atomic_store(&page->go, 1);
      return 1;
    }
    if (child == 0) {
      add_all(page, additions);
      _exit(0);
    }
  }
  while (atomic_load(&page->ready) < processes) {
    sched_yield();
  }
  double start = clock_seconds();
  atomic_store(&page->go, 1);
  while (wait(NULL) > 0) {
  }
  printf("%.6g\n", (double)additions / (clock_seconds() - start));
  return 0;
}
