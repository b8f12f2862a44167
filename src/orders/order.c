#include "orders/order.h"

#include <stddef.h>
#include <string.h>

#define ORDER_LIST(name) &name##_order,
static const struct order *const orders[] = {ORDERS(ORDER_LIST)};
#undef ORDER_LIST

const struct order *order_find(const char *name) {
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
    if (strcmp(orders[i]->name, name) == 0) {
      return orders[i];
    }
  }
  return NULL;
}
