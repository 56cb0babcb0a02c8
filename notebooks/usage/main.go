// Command usage is a notebook as a plain program: it opens a research edition
// and asks it three questions, with the packages that the report uses. Copy it,
// change the questions, run it inside the secure environment:
//
//	go run ./notebooks/usage entscope-demo/editions/research-2025-T1
//
// What it prints is exact and not released; figures leave through "entscope run".
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/engine"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./notebooks/usage EDITION")
		os.Exit(2)
	}
	if err := ask(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func ask(ctx context.Context, dir string) error {
	temp, err := os.MkdirTemp("", "notebook-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	edition, err := query.Open(ctx, dir, engine.Config{MemoryMB: 512, Threads: 2, TempDir: temp})
	if err != nil {
		return err
	}
	defer edition.Close()

	// 1. How often do parents come, and who never does?
	// 2. Is the gap between schools of low and high IPS one of use?
	// 3. Did accompaniment help, once like is compared with like?
	results, err := indicator.Analyze(ctx, edition,
		indicator.Request{IDs: []string{"L1", "L2", "F2", "A2"}, By: []string{"ips_band"}})
	if err != nil {
		return err
	}
	return indicator.WriteAnalysis(os.Stdout, results, "table")
}
