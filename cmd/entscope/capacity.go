package main

import (
	"encoding/json"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/cmd/entscope/internal/capacity"
)

func newCapacityCommand() *cobra.Command {
	var s capacity.Study
	var m capacity.Machine
	var asJSON bool
	c := &cobra.Command{
		Use:   "capacity --parents N",
		Short: "Say what a study of a size needs: memory, processor time, disk and hours",
		Long: `capacity takes what runs of smaller studies needed, and draws a line through them: for this machine
alone, and with an engine elsewhere ([engine] in study.toml). "entscope help scale" says how to read it.`,
		Example: `  entscope capacity --parents 400000
  entscope capacity --parents 16000000 --events 760000000 --cores 32 --memory-gib 256 --hours 8`,
		RunE: func(c *cobra.Command, _ []string) error {
			needs, err := capacity.Of(s, m)
			if err != nil {
				return withExit(exitUsage, err)
			}
			return writeOut(c, "", func(w io.Writer) error {
				if asJSON {
					encoder := json.NewEncoder(w)
					encoder.SetIndent("", "  ")
					return encoder.Encode(needs)
				}
				return capacity.Write(w, m, needs)
			})
		},
	}
	c.Flags().Int64Var(&s.Parents, "parents", 0, "parents of the study")
	c.Flags().Int64Var(&s.Events, "events", 0, "events of its window; as many a parent as the simulator's if unset")
	c.Flags().IntVar(&m.Cores, "cores", runtime.NumCPU(), "cores of this machine, and of the engine")
	c.Flags().Float64Var(&m.MemoryGiB, "memory-gib", 16, "memory of this machine")
	c.Flags().Float64Var(&m.Hours, "hours", 8, "how long a run may take")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}
