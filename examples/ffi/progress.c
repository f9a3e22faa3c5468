/* A library that works on a thread of its own and reports from there, as many do. */
#include <pthread.h>
#include <stdlib.h>

/* Called on the worker's thread. `stage` is a string literal. Anything but 0 stops the work. */
typedef int (*progress_fn)(void *context, const char *stage, int done, int total);

typedef struct job {
  pthread_t thread;
  int total;
  int done;
  progress_fn progress;
  void *context;
} job;

static void *work(void *argument) {
  job *self = argument;
  while (self->done < self->total) {
    self->done++;
    const char *stage = self->done * 2 <= self->total ? "reading" : "writing";
    if (self->progress(self->context, stage, self->done, self->total) != 0) break;
  }
  return NULL;
}

/* NULL if there can be no thread. */
job *job_start(int total, progress_fn progress, void *context) {
  job *self = malloc(sizeof *self);
  if (self == NULL) return NULL;
  *self = (job){.total = total, .progress = progress, .context = context};
  if (pthread_create(&self->thread, NULL, work, self) == 0) return self;
  free(self);
  return NULL;
}

/* Waits for the end, frees the job and gives the steps that were done. */
int job_finish(job *self) {
  pthread_join(self->thread, NULL);
  int done = self->done;
  free(self);
  return done;
}
