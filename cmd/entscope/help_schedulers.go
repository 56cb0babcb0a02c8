package main

import (
	"embed"
	"fmt"
	"io"
	"strings"
)

// The files for schedulers, which .ci/schedulers has checked by their own tools.
//
//go:embed deploy
var deployFiles embed.FS

// listDeployFiles writes each file for a scheduler as a block of code.
func listDeployFiles(w io.Writer) error {
	files, err := deployFiles.ReadDir("deploy")
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := deployFiles.ReadFile("deploy/" + f.Name())
		if err != nil {
			return err
		}
		block := "    " + strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "\n    ")
		block = strings.ReplaceAll(block, "    \n", "\n")
		if _, err := fmt.Fprintf(w, "### %s\n\n%s\n\n", f.Name(), block); err != nil {
			return err
		}
	}
	return nil
}
