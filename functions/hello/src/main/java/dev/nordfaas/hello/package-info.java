/** The smallest function. */
package dev.nordfaas.hello;
