package syslog

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// overflowSpace is room for one control message with a counter of 32 bits.
const overflowSpace = 64

// countOverflow makes the kernel tell, with each datagram, how many the socket
// has dropped so far for want of room (SO_RXQ_OVFL, socket(7)).
func countOverflow(c *net.UDPConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
	})
	if err != nil {
		return err
	}
	return set
}

// overflow follows the kernel's counter, which wraps.
type overflow struct{ last uint32 }

// since returns how many datagrams were dropped since it was asked last.
func (o *overflow) since(oob []byte) int {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0
	}
	for _, m := range msgs {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SO_RXQ_OVFL && len(m.Data) >= 4 {
			now := binary.NativeEndian.Uint32(m.Data)
			more := now - o.last
			o.last = now
			return int(more)
		}
	}
	return 0
}
