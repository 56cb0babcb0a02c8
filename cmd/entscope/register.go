package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	register "github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
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
		return register.Place(f.register)
	}
	return register.File(f.key)
}

// open loads the key for a command, and opens and locks its register; where the command books, an anchor beside the key
// says from then on where that is.
func (f registerFlags) open(
	command string, books bool, log *operatorLog,
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
	unlock, err = pipeline.LockRegister(durable.Disk{}, f.file())
	switch {
	case errors.Is(err, study.ErrLocked):
		return nil, nil, nil, withExit(exitLocked, errors.New(command+": another run holds the register of releases"))
	case err != nil:
		return nil, nil, nil, withExit(exitUsage, fmt.Errorf("%s: the lock of the register: %w", command, err))
	}
	if r, err = f.anchored(key, books); err != nil {
		unlock()
		return nil, nil, nil, withExit(exitUsage, err)
	}
	r.Begun = func(file string) { sayBegun(log, file) }
	return r, key, unlock, nil
}

// anchored opens the register, which must be the one that the key has.
func (f registerFlags) anchored(key *pseudonym.LastingKey, books bool) (*register.Register, error) {
	if err := register.Anchored(f.key, f.file()); err != nil {
		return nil, err
	}
	r, err := register.Open(f.file(), key)
	if err == nil {
		err = r.MayBegin(f.key)
	}
	if err == nil && books {
		err = r.Anchor(f.key)
	}
	return r, err
}

// sayBegun warns that a register begins: of what has left before, if anything has, it knows nothing.
func sayBegun(log *operatorLog, file string) {
	log.Warn("the register of releases begins: " + file + "; hint: if anything has left under this master key, restore " +
		"the register that remembers it")
}
