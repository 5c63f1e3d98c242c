/** What a port may be called: a device file, a Windows port, or the address of a server of serial ports. */
export const PORT_PATTERN = '^(?:/[^\\s]+|COM[0-9]{1,3}|tcp://[^\\s/:]+:[0-9]{1,5})$';
