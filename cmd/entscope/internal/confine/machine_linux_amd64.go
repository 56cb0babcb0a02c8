package confine

import "golang.org/x/sys/unix"

const (
	machine    = unix.AUDIT_ARCH_X86_64
	otherTable = 0x40000000 // calls of the x32 table
)
