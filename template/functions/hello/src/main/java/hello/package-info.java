/** A function that greets. */
package hello;
