/* Settings of Open MPI that a result was made with. */
#pragma once

#include <jansson.h>

#define MCA_PREFIX "OMPI_MCA_" /* of their names in the environment */
enum { MCA_NAME = 128 };       /* a name without it fits, or is cut off */

/* What the environment holds of them ("NAME=VALUE" up to a NULL, as environ), by their names
   without MCA_PREFIX: the user's, those made of mpirun's options (--mca, --bind-to ...) and our own
   (mpi/one_sided.h, mpi/launcher.h). Left out are those by which mpirun tells its processes of one
   another, and what may hold a secret (core/secret.h). Settings in files are not seen. */
json_t *mca_settings_record(const char *const *variables);
