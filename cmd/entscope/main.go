// Command entscope turns the raw logs of a school portal (ENT) into published
// figures on how families use it, without anyone being identifiable.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
)

func main() {
	// What the runtime cannot go on from, memory among it, ends the process by SIGABRT and not with exit code 2.
	debug.SetTraceback("crash")
	if err := forbidDumps(); err != nil { // where it may not be asked for, the rest still holds
		fmt.Fprintln(os.Stderr, "warning:", err)
	}
	ctx, stop := signalContext(os.Interrupt, syscall.SIGTERM)
	out, errOut := forPerson(os.Stdout), terminal{os.Stderr}
	code, done := confined(ctx, os.Args[1:], errOut)
	if !done {
		code = run(ctx, os.Args[1:], out, errOut)
	}
	stop()
	os.Exit(code)
}
