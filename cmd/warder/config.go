package main

import (
	"bytes"
	"context"
	"fmt"

	"warder/internal/app"
)

type configCommands struct {
	Check configCheck `cmd:"" help:"Say everything that is wrong with a configuration file."`
}

type configCheck struct {
	Path string `arg:"" help:"Configuration file (YAML)." type:"existingfile"`
}

func (c *configCheck) Run() error {
	if _, err := app.LoadConfig(c.Path); err != nil {
		return misuse{err}
	}
	fmt.Printf("%s: nothing is wrong\n", c.Path)
	return nil
}

type openAPI struct{}

func (openAPI) Run(ctx context.Context) error {
	doc, err := app.Document(ctx, version)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%s\n", bytes.TrimSpace(doc))
	return err
}
