package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/national/pages"
)

// An edition of twelve million rows is answered within 2 GiB.
const (
	nationalEngineMB = 1024
	nationalGoMB     = 640
)

// nationalOptions are the flags that say where and how the national data are answered.
type nationalOptions struct {
	dir, lang    string
	declared     []string
	acrossBreaks bool
	events       []national.Event
}

func (o *nationalOptions) register(c *cobra.Command) {
	c.Flags().StringVar(&o.dir, "out", "", "folder to write; it must be empty, absent or of an earlier run")
	c.Flags().StringVar(&o.lang, "lang", "fr", "language of the pages: fr or en")
	c.Flags().StringArrayVar(&o.declared, "event", nil,
		"an event to look at beside the lockdown of 2020: YYYY-MM-DD=NAME (repeatable)")
	c.Flags().BoolVar(&o.acrossBreaks, "across-breaks", false,
		"compare school years across a break of method too, and say so")
}

// parse reads the flags before a file is opened.
func (o *nationalOptions) parse() error {
	o.events = []national.Event{national.Lockdown}
	for _, text := range o.declared {
		e, err := national.ParseEvent(text)
		if err != nil {
			return err
		}
		same := func(other national.Event) bool { return other.Day.Equal(e.Day) }
		switch at := slices.IndexFunc(o.events, same); {
		case at > 0:
			return fmt.Errorf("national: two events on %s", e.Day.Format(time.DateOnly))
		case at == 0:
			o.events[0] = e // the lockdown by another name
		default:
			o.events = append(o.events, e)
		}
	}
	if o.lang != "fr" && o.lang != "en" {
		return errors.New("national: --lang is neither fr nor en")
	}
	return nil
}

// publish answers the questions of the edition, unless its pages are there already.
func (o *nationalOptions) publish(ctx context.Context) (pages.Summary, error) {
	debug.SetMemoryLimit(nationalGoMB << 20)
	config, clean, err := tempEngine(nationalEngineMB, runtime.GOMAXPROCS(0))
	if err != nil {
		return pages.Summary{}, err
	}
	defer clean()
	return pages.Publish(ctx, pages.Job{
		Edition: filepath.Join(o.dir, "edition"), Out: filepath.Join(o.dir, "published"),
		Options: pages.Options{Lang: o.lang, Software: generation},
		Asked:   national.Options{Events: o.events, AcrossBreaks: o.acrossBreaks, Engine: config},
	})
}
