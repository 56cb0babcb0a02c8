package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	register "github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newReleasesCommand(log *operatorLog) *cobra.Command {
	var f registerFlags
	c := &cobra.Command{
		Use:   "releases STUDY.toml | --key FILE",
		Short: "List what has left under the study's master key, and check the register",
		Long: `The register of releases remembers every edition and publication that has left under
a master key, of whichever study. It lies beside the key and outlives key rotate,
key destroy and every folder: keep it with the key's backup. An edition that differs
from an earlier one by a few persons does not leave. A key that no study has, as that of
entscope combine or protect, is named by --key.`,
		Args: f.args(0),
		RunE: func(c *cobra.Command, args []string) error {
			register, file, unlock, err := f.registerOf(args, log)
			if err != nil {
				return err
			}
			defer unlock()
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "no\tkind\tname\tperiod\trows of persons\tof unnamed schools\tstudy")
			for _, e := range register.Entries() {
				persons := "no"
				if e.Persons {
					persons = "yes"
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s to %s\t%s\t%s\t%s\n", e.Number, e.Kind, e.Name, e.Start, e.End, persons,
					ofUnnamed(e), e.Study)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%d entries, the chain is whole: %s\n", len(register.Entries()), file)
			return nil
		},
	}
	f.add(c.PersistentFlags())
	c.AddCommand(newRecallCommand(&f, log))
	return c
}

// ofUnnamed says which families of what must not be known of a school an edition told, and which other one tells the rest
// that it may not.
func ofUnnamed(e register.Entry) string {
	switch {
	case e.Kind != edition.KindResearch:
		return "no"
	case e.Unnamed != "":
		return "in " + e.Unnamed
	case e.Subject == "": // an older line keeps no families
		return "yes"
	}
	told := slices.Clone(e.Families)
	for _, family := range slices.Sorted(maps.Keys(e.Elsewhere)) {
		told = append(told, family+" in "+e.Elsewhere[family])
	}
	return cmp.Or(strings.Join(told, ", "), "no")
}

func newRecallCommand(f *registerFlags, log *operatorLog) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "recall STUDY.toml NAME --yes | --key FILE NAME --yes",
		Short: "Book that every copy of a release was taken back and destroyed",
		Args:  f.args(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !yes {
				return withExit(exitUsage,
					errors.New("releases recall: it states that nobody holds a copy any more; hint: add --yes"))
			}
			name := args[len(args)-1]
			if f.key == "" {
				return recallOfStudy(c, args[0], name, log)
			}
			r, _, unlock, err := f.open("releases recall", true, log)
			if err != nil {
				return err
			}
			defer unlock()
			bearers, err := r.Bearers(name)
			if err != nil {
				return withExit(exitUsage, err)
			}
			at := slices.IndexFunc(bearers, ofKey)
			if at < 0 {
				return withExit(exitUsage, fmt.Errorf("releases recall: %s is of the study %s, in whose folders a copy may "+
					"lie; hint: name the study: entscope releases recall STUDY.toml %s --yes", name, bearers[0].Study, name))
			}
			return recall(c, r, bearers[at], log)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "yes, every copy was destroyed")
	return c
}

// ofKey reports whether a release is of no study: those that entscope protect and combine make.
func ofKey(e register.Entry) bool {
	return e.Kind == register.KindOwn || e.Kind == register.KindNational
}

// recallOfStudy takes back a release of a study, of which no copy may lie where the study puts it.
func recallOfStudy(c *cobra.Command, path, name string, log *operatorLog) error {
	s, err := study.Read(path)
	if err != nil {
		return withExit(exitUsage, err)
	}
	unlock, err := pipeline.Lock(durable.Disk{}, s)
	if errors.Is(err, study.ErrLocked) {
		return withExit(exitLocked, err)
	}
	if err != nil {
		return err
	}
	defer unlock()
	r, err := releasesOf(s)
	if err != nil {
		return err
	}
	e, err := ofStudy(s, r, name, log)
	if err != nil {
		return withExit(exitUsage, fmt.Errorf("releases recall: %w", err))
	}
	if dir := pipeline.Standing(s, r, name); dir != "" {
		return withExit(exitUsage, fmt.Errorf("releases recall: %s is a copy of %s; hint: remove it first", dir, name))
	}
	return recall(c, r, e, log)
}

// ofStudy is the newest release of a name that a study let leave. Those of another are refused, in whose folders a copy may
// lie: a copy of a study bears its name and lays its own elsewhere.
func ofStudy(s *study.Study, r *register.Register, name string, log *operatorLog) (register.Entry, error) {
	bearers, err := r.Bearers(name)
	if err != nil {
		return register.Entry{}, err
	}
	var others error
	for _, e := range bearers {
		if err = laidBy(s, r, e, log); err == nil {
			return e, nil
		}
		others = cmp.Or(others, err)
	}
	return register.Entry{}, others
}

// laidBy refuses a release that a study did not lay.
func laidBy(s *study.Study, r *register.Register, e register.Entry, log *operatorLog) error {
	name := e.Name
	if ofKey(e) {
		return nil
	}
	if e.Study != s.About.Name {
		return fmt.Errorf("%s is of the study %s and not of %s; hint: name that one", name, e.Study, s.About.Name)
	}
	folder, own, err := pipeline.Laid(s, r, e)
	switch {
	case err != nil:
		return err
	case folder == "":
		log.Warn(name + " was booked by an earlier version, which kept no folder: whether a copy lies in those of another " +
			"study of the name " + e.Study + " is not known")
	case !own:
		return fmt.Errorf("%s left in %s, where this study lays nothing of its kind, and a copy may lie there; hint: name the "+
			"study of that folder; where it was moved, let a link lead from there to where it is", name, folder)
	}
	return nil
}

func recall(c *cobra.Command, r *register.Register, e register.Entry, log *operatorLog) error {
	if err := r.Recall(e); err != nil {
		return withExit(exitUsage, err)
	}
	name := e.Name
	fmt.Fprintf(c.OutOrStdout(), "%s: booked as taken back; it still counts among the releases of its period\n", name)
	switch out := r.StillOut(name); {
	case slices.Contains(out, name):
		log.Warn("another release of the name " + name + " is out, which left before; hint: once nobody has a copy of that " +
			"either, say so again")
	case len(out) > 0:
		log.Warn(name + " counts as one that is out until what was made of it is taken back too: " + strings.Join(out, ", "))
	}
	return nil
}

// releasesOf is the register of a study's master key.
func releasesOf(s *study.Study) (*register.Register, error) {
	r, err := pipeline.Releases(s)
	switch {
	case errors.Is(err, pipeline.ErrRefused):
		return nil, withExit(exitRefused, err)
	case errors.Is(err, study.ErrConfig):
		return nil, withExit(exitUsage, err)
	}
	return r, err
}

// registerOf is the register of the study that args name, or of the key.
func (f *registerFlags) registerOf(
	args []string, log *operatorLog,
) (r *register.Register, file string, unlock func(), err error) {
	if f.key != "" {
		r, _, unlock, err = f.open("releases", false, log)
		return r, f.file(), unlock, err
	}
	s, err := study.Read(args[0])
	if err != nil {
		return nil, "", nil, withExit(exitUsage, err)
	}
	r, err = releasesOf(s)
	return r, s.ReleasesFile(), func() {}, err
}

// args asks for a study, unless a key is named, and more.
func (f *registerFlags) args(more int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if f.key != "" {
			return cobra.ExactArgs(more)(c, args)
		}
		return cobra.ExactArgs(more+1)(c, args)
	}
}
