// cc.exe under wine: hands its arguments to windows-compiler.mjs, which runs the cross compiler,
// and prints what that printed. The protocol is described there.
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winsock2.h>

static SOCKET connect_to_compiler(void) {
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) exit(254);
  const char* port = getenv("NEARFAR_COMPILER_PORT");
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((unsigned short)(port == NULL ? 0 : atoi(port)));
  SOCKET compiler = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  if (connect(compiler, (struct sockaddr*)&address, sizeof address) != 0) exit(254);
  return compiler;
}

static void send_all(SOCKET compiler, const char* bytes, size_t length) {
  while (length > 0) {
    int sent = send(compiler, bytes, (int)length, 0);
    if (sent <= 0) exit(254);
    bytes += sent;
    length -= (size_t)sent;
  }
}

int main(int count, char** arguments) {
  static char buffer[65536];
  SOCKET compiler = connect_to_compiler();
  int length = snprintf(buffer, sizeof buffer, "%d\n", count);
  send_all(compiler, buffer, (size_t)length);
  if (_getcwd(buffer, sizeof buffer) == NULL) return 254;
  send_all(compiler, buffer, strlen(buffer) + 1);
  int takes_input = 0;
  for (int index = 1; index < count; index++) {
    if (strcmp(arguments[index], "-") == 0) takes_input = 1;
    send_all(compiler, arguments[index], strlen(arguments[index]) + 1);
  }
  _setmode(0, _O_BINARY);
  int bytes = 0;
  while (takes_input && (bytes = _read(0, buffer, sizeof buffer)) > 0) {
    send_all(compiler, buffer, (size_t)bytes);
  }
  shutdown(compiler, SD_SEND);

  unsigned char status = 254;
  if (recv(compiler, (char*)&status, 1, 0) != 1) return 254;
  int output = status == 0 ? 1 : 2;
  _setmode(output, _O_BINARY);
  while ((bytes = recv(compiler, buffer, sizeof buffer, 0)) > 0) {
    _write(output, buffer, (unsigned)bytes);
  }
  return status;
}
