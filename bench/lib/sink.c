/*
 * A receiver that costs next to nothing: answers every request with 200 and counts. One thread, epoll, loopback.
 * Prints its port; each line on stdin is answered with the number of requests so far; ends with stdin.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FDS = 65536, HEAD_BYTES = 8192, EVENTS = 256 };

/* Where a connection stands: `head` gathers a request's head, then `left` bytes of body are still to come. */
struct connection {
  char head[HEAD_BYTES];
  size_t length;
  long left;
};

static struct connection *connections[MAX_FDS];
static unsigned long count;
static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static long body_length(const char *head) {
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, "content-length:", 15) == 0) return atol(line + 17);
  }
  return 0;
}

/* Takes in what was read; returns how many requests became whole. */
static int take(struct connection *c, const char *bytes, size_t size) {
  int whole = 0;
  while (size > 0) {
    if (c->left > 0) {
      size_t part = (long)size < c->left ? size : (size_t)c->left;
      c->left -= (long)part;
      bytes += part;
      size -= part;
      if (c->left == 0) whole++;
      continue;
    }
    size_t before = c->length;
    size_t room = HEAD_BYTES - 1 - c->length;
    size_t part = size < room ? size : room;
    memcpy(c->head + c->length, bytes, part);
    c->length += part;
    c->head[c->length] = 0;
    char *end = strstr(c->head + (before > 3 ? before - 3 : 0), "\r\n\r\n");
    if (end == NULL) {
      if (room == part && part < size) return -1;
      return whole;
    }
    size_t used = (size_t)(end + 4 - c->head) - before;
    end[2] = 0;
    c->left = body_length(c->head);
    c->length = 0;
    bytes += used;
    size -= used;
    if (c->left == 0) whole++;
  }
  return whole;
}

static void drop(int fd) {
  free(connections[fd]);
  connections[fd] = NULL;
  close(fd);
}

static void serve(int fd) {
  static char buffer[262144];
  ssize_t got = read(fd, buffer, sizeof buffer);
  if (got <= 0) {
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    drop(fd);
    return;
  }
  int whole = take(connections[fd], buffer, (size_t)got);
  if (whole < 0) {
    drop(fd);
    return;
  }
  for (int i = 0; i < whole; i++) {
    count++;
    if (write(fd, ANSWER, sizeof ANSWER - 1) < 0) {
      drop(fd);
      return;
    }
  }
}

int main(void) {
  signal(SIGPIPE, SIG_IGN); /* Senders are killed in the middle of an answer. */
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = STDIN_FILENO;
  epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  struct epoll_event ready[EVENTS];
  for (;;) {
    int n = epoll_wait(poll, ready, EVENTS, -1);
    for (int i = 0; i < n; i++) {
      int fd = ready[i].data.fd;
      if (fd == STDIN_FILENO) {
        char line[64];
        if (read(fd, line, sizeof line) <= 0) return 0;
        printf("%lu\n", count);
        fflush(stdout);
      } else if (fd == listener) {
        int client;
        while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          int one = 1;
          setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          if (client >= MAX_FDS || (connections[client] = calloc(1, sizeof(struct connection))) == NULL) {
            close(client);
            continue;
          }
          event.events = EPOLLIN;
          event.data.fd = client;
          epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
        }
      } else if (connections[fd] != NULL) {
        serve(fd);
      }
    }
  }
}
