package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/audit/papers"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/cmd/entscope/internal/confine"
)

// auditLimits bound the process that reads editions which somebody else may have made. Go and the engine
// reserve far more address space than they use; the work itself is bounded by the engine's memory.
var auditLimits = confine.Limits{AddressMB: 16 << 10, CPU: time.Hour}

// confined runs an audit of the files of others in a child process that can read these files alone; done says
// that there is nothing left to do. The child itself, and any other command, goes on in this process.
func confined(ctx context.Context, args []string, errOut io.Writer) (code int, done bool) {
	child, err := confine.Enter(auditLimits)
	if err != nil {
		fmt.Fprintln(errOut, "error:", err)
		return exitUnexpected, true
	}
	reads, audits := auditReads(args)
	if child || !audits {
		return 0, false
	}
	noteBeside(errOut, args)
	if missing := confine.Missing(); missing != "" {
		fmt.Fprintln(errOut, "note: the files are read without confinement:", missing)
		return 0, false
	}
	code, err = confineAudit(ctx, reads, args)
	if err != nil {
		fmt.Fprintln(errOut, "error: audit:", err)
	}
	return code, true
}

func confineAudit(ctx context.Context, reads, args []string) (code int, err error) {
	temp, err := os.MkdirTemp("", "entscope-audit-")
	if err != nil {
		return exitCode(err), err
	}
	defer func() {
		if gone := os.RemoveAll(temp); err == nil && gone != nil {
			code, err = exitCode(gone), gone
		}
	}()
	// Papers are drafted where the child may write; this process puts them in place.
	papersDir := papersFlag(args)
	drafts := filepath.Join(temp, "papers")
	if papersDir != "" {
		args = append(slices.Clone(args), "--papers", drafts)
	}
	code, err = confine.Run(ctx, confine.Rules{Read: reads, Write: temp}, args)
	if _, none := os.Stat(drafts); papersDir != "" && err == nil && none == nil {
		if err := papers.Place(drafts, papersDir); err != nil {
			return exitCode(papersExit(err)), err
		}
	}
	switch {
	case errors.Is(err, confine.ErrKilled) && ctx.Err() != nil:
		return exitTryAgain, err
	case errors.Is(err, confine.ErrKilled):
		return exitInput, fmt.Errorf("%w: the files are not accepted", err)
	case err != nil:
		return exitUnexpected, err
	}
	return code, nil
}

// papersFlag is the folder that --papers names; "" is none.
func papersFlag(args []string) string {
	root := newRoot(io.Discard, io.Discard, &operatorLog{out: io.Discard, format: "text", level: "error"})
	c, rest, err := root.Find(args)
	if err != nil || c.ParseFlags(rest) != nil {
		return ""
	}
	dir, _ := c.Flags().GetString("papers")
	return dir
}

// auditReads are the files and folders that an audit is told to read; false for any other command, and for a
// command line that is at fault, which is said in this process.
func auditReads(args []string) (reads []string, audits bool) {
	root := newRoot(io.Discard, io.Discard, &operatorLog{out: io.Discard, format: "text", level: "error"})
	c, rest, err := root.Find(args)
	if err != nil || c.Name() != "audit" || c.Parent() != root || c.ParseFlags(rest) != nil {
		return nil, false
	}
	for _, flag := range []string{"edition", "national", "previous", "beside", "knowing"} {
		values, err := c.Flags().GetStringArray(flag)
		if err != nil {
			return nil, false
		}
		reads = append(reads, values...)
	}
	for _, flag := range []string{"published", "release", "public-key", "register", "study", "table", "sealed", "policy"} {
		value, err := c.Flags().GetString(flag)
		if err != nil {
			return nil, false
		}
		if value != "" {
			reads = append(reads, value)
		}
		if flag == "policy" {
			reads = append(reads, microdata.Named(value)...)
		}
	}
	return reads, len(reads) > 0 && !wantsHelp(c)
}

// wantsHelp says that the command line asks what the command does.
func wantsHelp(c *cobra.Command) bool {
	help := c.Flags().Lookup("help")
	return help != nil && help.Changed
}
