/* natural: blocks in the order of the index space. */
#include "orders/order.h"

const struct order natural_order = {
    .name = "natural",
    .summary = "in the order of the index space",
};
