package main

import (
	"errors"
	"fmt"

	"github.com/gofrs/flock"
	"github.com/spf13/pflag"

	"github.com/entscope/entscope/anonymize/pseudonym"
	register "github.com/entscope/entscope/anonymize/release"
)

// registerFlags name a master key that no study has, and its register of releases.
type registerFlags struct{ key, identity, register string }

func (f *registerFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.key, "key", "", "master key (entscope key init)")
	flags.StringVar(&f.identity, "identity", "", "age identity that opens the key")
	flags.StringVar(&f.register, "register", "", "register of releases; beside the key unless said")
}

// file is where the register lies.
func (f registerFlags) file() string {
	if f.register != "" {
		return f.register
	}
	return register.File(f.key)
}

// open loads the key for a command, and opens and locks its register.
func (f registerFlags) open(
	command string, log *operatorLog,
) (r *register.Register, key *pseudonym.LastingKey, unlock func(), err error) {
	master, err := pseudonym.LoadKey(f.key, f.identity)
	if err != nil {
		return nil, nil, nil, withExit(exitUsage, err)
	}
	if master.Synthetic() {
		log.Warn("the key is that of a synthetic region: it protects nobody")
	}
	if key, err = master.Lasting(); err != nil {
		return nil, nil, nil, err
	}
	lock := flock.New(f.file() + ".lock")
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, nil, nil, withExit(exitUsage, fmt.Errorf("%s: the lock of the register: %w", command, err))
	case !locked:
		return nil, nil, nil, withExit(exitLocked, errors.New(command+": another run holds the register of releases"))
	}
	unlock = func() { lock.Unlock() }
	if r, err = register.Open(f.file(), key); err != nil {
		unlock()
		return nil, nil, nil, withExit(exitUsage, err)
	}
	return r, key, unlock, nil
}
