package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newKeyCommand(log *operatorLog) *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Make, show, rotate or destroy the keys behind the pseudonyms",
		Long: `The master key belongs to the controller and never to an analyst. A study's key is
derived from it and from a random salt that lies in the restricted zone; destroying
the salt makes the pseudonyms of the study irreversible for everybody.`,
		RunE: func(*cobra.Command, []string) error {
			return withExit(exitUsage, errors.New("key: say which of init, show, sign, rotate, destroy"))
		},
	}
	c.AddCommand(newKeyInitCommand(), newKeyShowCommand(), newKeySignCommand(), newKeyRotateCommand(),
		newKeyDestroyCommand(log))
	return c
}

func newKeyInitCommand() *cobra.Command {
	var out string
	var recipients []string
	c := &cobra.Command{
		Use:   "init --out FILE [--recipient age1…]",
		Short: "Create a 256-bit master key",
		Example: `  entscope key init --out master.key                     a file of mode 0600
  entscope key init --out master.age --recipient age1…   encrypted to two officers: repeat --recipient`,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return withExit(exitUsage, errors.New("key init: --out is not set"))
			}
			if err := pseudonym.CreateKey(out, recipients); err != nil {
				return withExit(exitUsage, err)
			}
			if len(recipients) > 0 {
				fmt.Fprintf(c.OutOrStdout(), "%s: created, encrypted to %d recipient(s)\n", out, len(recipients))
				return nil
			}
			key, err := pseudonym.LoadKey(out, "")
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: created, check value %s\n", out, key.ID())
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to create; an existing one is never overwritten")
	c.Flags().StringArrayVar(&recipients, "recipient", nil, "age public key that may open it (repeatable)")
	return c
}

func newKeyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show STUDY.toml",
		Short: "Print the check values of the study's keys, never a key",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, master, err := studyAndMaster(args[0])
			if err != nil {
				return err
			}
			of := ""
			if master.Synthetic() {
				of = " (of a synthetic region: it protects nobody)"
			}
			fmt.Fprintf(c.OutOrStdout(), "master key  %s%s\n", master.ID(), of)
			salt, err := pseudonym.LoadSalt(s.Path(s.Output.Restricted))
			if err != nil {
				fmt.Fprintf(c.OutOrStdout(), "study key   none yet: the restricted zone has no salt\n")
				return nil
			}
			key, err := master.Study(s.About.Purpose, s.About.SchoolYear, salt)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "study key   %s (purpose %s, school year %s)\n", key.ID(), s.About.Purpose,
				s.About.SchoolYear)
			return nil
		},
	}
}

func newKeySignCommand() *cobra.Command {
	var out, file, identity string
	c := &cobra.Command{
		Use:   "sign (STUDY.toml | --key FILE) [--out FILE]",
		Short: "Write the public key by which an officer verifies the signed manifests",
		Long: `Every edition and every publication of a study is signed (Ed25519, manifest.sig beside
manifest.json) with a key that follows from the master key: there is nothing more to keep. So
is a table that entscope table made with --key.
sign prints its public key, once for all studies and tables of a master key. Hand it to the
officer on another way than the files: entscope audit --public-key, or

  openssl pkeyutl -verify -pubin -inkey signing.pub -rawin -in manifest.json -sigfile manifest.sig`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 1) == (file != "") || identity != "" && file == "" {
				return withExit(exitUsage, errors.New("key sign: name a study, or a master key by --key (with --identity "+
					"where it is sealed)"))
			}
			var master *pseudonym.MasterKey
			var err error
			if file == "" {
				_, master, err = studyAndMaster(args[0])
			} else if master, err = pseudonym.LoadKey(file, identity); err != nil {
				err = withExit(exitUsage, err)
			}
			if err != nil {
				return err
			}
			key, err := master.Signing()
			if err != nil {
				return err
			}
			public, err := key.Public()
			if err != nil {
				return err
			}
			if out == "" {
				_, err = c.OutOrStdout().Write(public)
				return err
			}
			if err := durable.Create(out, public, 0o644); err != nil {
				return withExit(exitUsage, err)
			}
			fmt.Fprintln(c.OutOrStdout(), out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to create; an existing one is never overwritten")
	c.Flags().StringVar(&file, "key", "", "master key, where there is no study")
	c.Flags().StringVar(&identity, "identity", "", "age identity that opens the key of --key")
	return c
}

func newKeyRotateCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "rotate STUDY.toml --yes",
		Short: "Give the study a new salt: its restricted zone is destroyed and must be ingested again",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := destroyZone(c.Context(), durable.Disk{}, args[0], yes, "rotate", newSalt); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "new salt; the next run ingests everything again")
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "yes, drop the restricted zone")
	return c
}

func newKeyDestroyCommand(log *operatorLog) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "destroy STUDY.toml --yes",
		Short: "Shred the study's salt and its restricted zone: nobody can link its pseudonyms any more",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			late, err := destroyZone(c.Context(), durable.Disk{}, args[0], yes, "destroy", nil)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "salt and restricted zone destroyed; editions and publications stay")
			if late != "" {
				log.Warn("it was late: " + late)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "yes, it cannot be undone")
	return c
}

// newSalt begins a restricted zone again.
func newSalt(disk durable.Disk, dir string) error {
	if err := zone.Claim(disk, dir); err != nil {
		return err
	}
	_, err := pseudonym.CreateSalt(disk, dir)
	return err
}

// destroyZone removes a restricted zone and says, if so, that its time was over;
// then comes before anybody else may write the zone.
func destroyZone(ctx context.Context, disk durable.Disk, path string, yes bool, verb string,
	then func(disk durable.Disk, dir string) error) (late string, err error) {
	if !yes {
		return "", withExit(exitUsage, fmt.Errorf("key %s: it cannot be undone; hint: add --yes", verb))
	}
	s, err := study.Read(path)
	if err != nil {
		return "", withExit(exitUsage, err)
	}
	dir := s.Path(s.Output.Restricted)
	if late, err = s.Overdue(time.Now()); err != nil {
		return "", err
	}
	unlock, err := pipeline.Lock(disk, s)
	if errors.Is(err, study.ErrLocked) {
		return "", withExit(exitLocked, err)
	}
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := pipeline.MayDestroy(s); err != nil {
		return "", withExit(exitUsage, fmt.Errorf("key %s: %w", verb, err))
	}
	if err := destroyOnStore(ctx, disk, s); err != nil {
		return late, err
	}
	if err := zone.Destroy(disk, dir); err != nil {
		return late, err
	}
	if then != nil {
		if err := then(disk, dir); err != nil {
			return late, err
		}
	}
	if err := pipeline.DropScratch(ctx, s); err != nil {
		err = fmt.Errorf("key %s: done, but what a killed run left on the study's engine may stay there: %w", verb, err)
		if errors.Is(err, study.ErrConfig) {
			return late, withExit(exitUsage, err)
		}
		return late, err
	}
	return late, nil
}

// destroyOnStore removes the zone from the study's store, if it has one.
func destroyOnStore(ctx context.Context, disk durable.Disk, s *study.Study) error {
	store, err := pipeline.Store(disk, s)
	if err == nil && store != nil {
		defer store.Close()
		err = pipeline.OfStore(store.Destroy(ctx))
	}
	if err != nil {
		err = runError(fmt.Errorf("nothing is destroyed yet on this machine: %w", err))
	}
	return err
}

func studyAndMaster(path string) (*study.Study, *pseudonym.MasterKey, error) {
	s, err := study.Read(path)
	if err != nil {
		return nil, nil, withExit(exitUsage, err)
	}
	master, err := pseudonym.LoadKey(s.Path(s.Key.File), s.Path(s.Key.Identity))
	if err != nil {
		return nil, nil, withExit(exitUsage, err)
	}
	return s, master, nil
}
