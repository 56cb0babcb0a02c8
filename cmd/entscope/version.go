package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// generation names in manifests what computed an edition: it is raised when the same input and policies give other
// figures, so that a release which changes none makes no new edition.
const generation = "entscope 0.1.0"

// release is the tag that the binary was built from: .ci/release sets it when linking. It stands in run.json and on
// the manual pages, in nothing that is released of a study.
var release = "development"

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		RunE: func(c *cobra.Command, _ []string) error {
			fmt.Fprintf(c.OutOrStdout(), "entscope %s %s %s/%s\n",
				release, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, dep := range info.Deps {
					switch dep.Path {
					case "github.com/marcboeker/go-duckdb", "github.com/apache/arrow/go/v17",
						"github.com/parquet-go/parquet-go", "gonum.org/v1/gonum":
						fmt.Fprintf(c.OutOrStdout(), "  %s %s\n", dep.Path, dep.Version)
					}
				}
			}
			return nil
		},
	}
}
