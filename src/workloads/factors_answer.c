#include <inttypes.h>

#include "core/number.h"
#include "workloads/factors_job.h"

static json_t *count(uint64_t number) {
  return json_integer((json_int_t)number);
}

/* What finding the factor 2, or an odd prime, takes in divisions. */
static uint64_t divisions_to(uint64_t prime) {
  return (prime + 1) / 2;
}

/* A number's smallest factor is p when p divides it and no smaller prime q does: that is to be
   expected of 1/p prod (1 - 1/q) of all numbers. */
static json_t *list_factors(const struct factors_table *table, const struct tally *tally) {
  json_t *list = json_array();
  double left = 1;
  for (size_t k = 0; k < table->classes; k++) {
    uint64_t prime = table->primes[k];
    double expected = left / (double)prime;
    json_array_append_new(
        list, json_pack("{s:o, s:o, s:f, s:o}", "factor", json_sprintf("%" PRIu64, prime),
                        "numbers", count(tally->sums[k]), "expected_share", expected, "divisions",
                        count(tally->sums[k] * divisions_to(prime))));
    left *= (double)(prime - 1) / (double)prime;
  }
  return list;
}

static json_t *list_bins(const struct job *job, const struct tally *tally) {
  json_t *list = json_array();
  for (uint64_t b = 0; b < factors_bins(job->parameters); b++) {
    struct factors_bin_tally bin = factors_bin_tally(job, tally, b);
    json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "from",
                                          json_sprintf("%" PRIu64, bin.numbers.lo), "to",
                                          json_sprintf("%" PRIu64, bin.numbers.hi), "numbers",
                                          count(range_length(bin.numbers)), "primes",
                                          count(bin.primes), "prime_divisions",
                                          count(bin.prime_divisions), "composite_divisions",
                                          count(bin.composite_divisions), "most", count(bin.most)));
  }
  return list;
}

void factors_answer(const struct job *job, const struct tally *tally, json_t *answer) {
  const struct factors *factors = job->parameters;
  const struct factors_table *table = job->state;
  uint64_t primes = 0;
  uint64_t prime_divisions = 0;
  uint64_t composite_divisions = 0;
  for (uint64_t b = 0; b < factors_bins(factors); b++) {
    struct factors_bin_tally bin = factors_bin_tally(job, tally, b);
    primes += bin.primes;
    prime_divisions += bin.prime_divisions;
    composite_divisions += bin.composite_divisions;
  }
  json_object_set_new(answer, "numbers", count(factors->hi - factors->lo));
  json_object_set_new(answer, "primes", count(primes));
  json_object_set_new(answer, "divisions", count(prime_divisions + composite_divisions));
  json_object_set_new(answer, "factors", list_factors(table, tally));
  json_object_set_new(answer, "larger",
                      json_pack("{s:o, s:o}", "numbers", count(tally->sums[table->classes]),
                                "divisions",
                                count(tally->sums[factors_layout(table).larger_divisions])));
  json_object_set_new(
      answer, "prime",
      json_pack("{s:o, s:o}", "numbers", count(primes), "divisions", count(prime_divisions)));
  json_object_set_new(answer, "costs", list_bins(job, tally));
}

static json_int_t whole(const json_t *object, const char *key) {
  return json_integer_value(json_object_get(object, key));
}

static void add_whole(struct table *table, json_int_t number) {
  table_add_cell(table, "%" JSON_INTEGER_FORMAT, number);
}

static void add_real(struct table *table, double number) {
  char text[NUMBER_TEXT];
  table_add_cell(table, "%s", number_real_text(number, text));
}

/* A mean; empty where there is nothing. */
static void add_mean(struct table *table, json_int_t sum, json_int_t numbers) {
  if (numbers == 0) {
    table_add_cell(table, "%s", "");
  } else {
    add_real(table, (double)sum / (double)numbers);
  }
}

static void add_class(struct table *table, const json_t *class, const char *name,
                      json_int_t numbers) {
  const json_t *expected = json_object_get(class, "expected_share");
  table_add_cell(table, "%s", name);
  add_whole(table, whole(class, "numbers"));
  add_mean(table, whole(class, "numbers"), numbers);
  if (expected == NULL) {
    table_add_cell(table, "%s", "");
  } else {
    add_real(table, json_real_value(expected));
  }
  add_whole(table, whole(class, "divisions"));
  add_mean(table, whole(class, "divisions"), whole(class, "numbers"));
}

static void tabulate_factors(const json_t *answer, struct table *table) {
  json_int_t numbers = whole(answer, "numbers");
  size_t k;
  json_t *class;
  table_add_column(table, "smallest factor", false);
  table_add_column(table, "numbers", false);
  table_add_real_column(table, "share");
  table_add_real_column(table, "expected share");
  table_add_column(table, "divisions", false);
  table_add_real_column(table, "each");
  json_array_foreach(json_object_get(answer, "factors"), k, class) {
    add_class(table, class, json_string_value(json_object_get(class, "factor")), numbers);
  }
  add_class(table, json_object_get(answer, "larger"), "larger", numbers);
  add_class(table, json_object_get(answer, "prime"), "none: prime", numbers);
}

static void tabulate_costs(const json_t *answer, struct table *table) {
  size_t b;
  json_t *bin;
  table_add_column(table, "from", false);
  table_add_column(table, "to", false);
  table_add_column(table, "primes", false);
  table_add_real_column(table, "divisions of a prime");
  table_add_real_column(table, "of a composite");
  table_add_column(table, "most", false);
  json_array_foreach(json_object_get(answer, "costs"), b, bin) {
    json_int_t primes = whole(bin, "primes");
    table_add_cell(table, "%s", json_string_value(json_object_get(bin, "from")));
    table_add_cell(table, "%s", json_string_value(json_object_get(bin, "to")));
    add_whole(table, primes);
    add_mean(table, whole(bin, "prime_divisions"), primes);
    add_mean(table, whole(bin, "composite_divisions"), whole(bin, "numbers") - primes);
    add_whole(table, whole(bin, "most"));
  }
}

void factors_tabulate(const json_t *answer, struct table *table) {
  tabulate_factors(answer, table);
  tabulate_costs(answer, table_add_table(table));
}
