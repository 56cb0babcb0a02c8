package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/ingest/simulate/national"
)

// nationalFlags are the flags by which synthetic open data are chosen.
type nationalFlags struct {
	national, published bool
	schools             int
}

func (f *nationalFlags) register(c *cobra.Command) {
	c.Flags().BoolVar(&f.national, "national", false, "the national open data instead of logs")
	c.Flags().IntVar(&f.schools, "schools", 0, "schools of the widest year, with --national; 1200 if 0")
	c.Flags().BoolVar(&f.published, "published", false,
		"with --national, the size and the sums of the real files: 12 million rows")
}

// check refuses flags that say nothing together.
func (f *nationalFlags) check(c *cobra.Command) error {
	pairs := [][2]string{{"schools", "published"}}
	for _, region := range []string{"parents", "weeks", "years", "selection", "direct"} {
		pairs = append(pairs, [2]string{"national", region})
	}
	for _, pair := range pairs {
		if c.Flags().Changed(pair[0]) && c.Flags().Changed(pair[1]) {
			return withExit(exitUsage, fmt.Errorf("simulate: --%s and --%s say different things", pair[0], pair[1]))
		}
	}
	for _, flag := range []string{"schools", "published"} {
		if c.Flags().Changed(flag) && !f.national {
			return withExit(exitUsage, fmt.Errorf("simulate: --%s is of --national", flag))
		}
	}
	return nil
}

func (f *nationalFlags) simulate(ctx context.Context, r regionFlags, out io.Writer) error {
	config := national.Config{Schools: f.schools, Seed: r.config.Seed, Published: f.published,
		Threads: runtime.GOMAXPROCS(0)}
	if err := national.Write(ctx, r.out, config); errors.Is(err, national.ErrConfig) {
		return withExit(exitUsage, err)
	} else if err != nil {
		return err
	}
	fmt.Fprintln(out, filepath.Join(r.out, "truth.json"))
	return nil
}
