package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the release; a build from a module or a checkout adds what it knows.
const version = "0.1.0"

// softwareID names the binary in manifests: the same source gives the same text.
func softwareID() string { return "entscope " + version }

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		RunE: func(c *cobra.Command, _ []string) error {
			fmt.Fprintf(c.OutOrStdout(), "%s %s %s/%s\n", softwareID(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
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
