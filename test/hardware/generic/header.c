/* A device made with bandwarden.h: without an argument it sends, with one it reads commands. */
#include "bandwarden.h"
#include <stdio.h>

static void put(void *context, uint8_t byte) { fputc(byte, (FILE *)context); }

static void send_all(void) {
  bw_sender out;
  bw_header head = {0};
  int i;
  bw_sender_init(&out, put, stdout);
  head.flags = BW_GNSS_TIME | BW_OVERLOAD;
  head.sequence = 4294967295u;
  head.count = 400;
  head.time_ns = INT64_C(1767225600123456789);
  head.frequency = bw_f64(UINT64_C(2400000001));
  head.spacing = bw_f64(25000);
  head.gain = BW_GAIN_UNKNOWN;
  bw_begin_sweep(&out, &head, BW_CENTI_DB);
  for (i = 0; i < 400; i++) bw_add_i16(&out, (int16_t)(i % 7 == 0 ? 0 : -11000 + i));
  bw_end(&out);
  head.count = 300;
  bw_begin_sweep(&out, &head, BW_MINUS_HALF_DB);
  for (i = 0; i < 300; i++) bw_add_u8(&out, (uint8_t)(i < 280 ? 180 : 0));
  bw_end(&out);
  head.count = 3;
  bw_begin_sweep(&out, &head, BW_FLOAT_DB);
  for (i = 0; i < 3; i++) bw_add_f32(&out, -90.5f - (float)i);
  bw_end(&out);
  head.count = 1024;
  head.spacing = bw_f64(250000);
  bw_begin_iq(&out, &head, BW_CU8);
  for (i = 0; i < 2048; i++) bw_add_u8(&out, (uint8_t)(i < 1000 ? 1 + i % 255 : i % 3));
  bw_end(&out);
  bw_reply(&out, "{\"id\":\"7\",\"ok\":true}");
}

static void read_all(void) {
  static uint8_t buffer[256];
  bw_receiver in;
  int byte;
  bw_receiver_init(&in, buffer, sizeof buffer);
  while ((byte = getchar()) != EOF) {
    size_t length = bw_receive(&in, (uint8_t)byte);
    if (length > 0) printf("%.*s\n", (int)length, (const char *)buffer + 8);
  }
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) read_all();
  else send_all();
  return 0;
}
